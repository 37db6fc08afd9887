package io.github.gracefulrestart.options;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A JVM option that names a port or a file which a second JVM cannot use at the same
 * time. Of each option exactly as much is understood as is needed to put another port or
 * file in its place; what HotSpot would refuse is no business of ours.
 *
 * @param kind what is shared
 * @param owner what uses it, in words
 * @param prefix the option up to the port or file
 * @param resource the port or the file
 * @param suffix the rest of the option
 */
record SharedOption(Collision.Kind kind, String owner, String prefix, String resource, String suffix) {

	private static final Pattern DEBUGGER = Pattern
		.compile("(-agentlib:jdwp=|-Xrunjdwp:|-agentpath:[^=]*libjdwp\\.so=)(.*)", Pattern.DOTALL);

	/** A debugger with one of these opens its port later, or never. */
	private static final Pattern LATER = Pattern.compile("(^|,)(onthrow=|onuncaught=y|onjcmd=y|launch=)");

	private static final Pattern ADDRESS = Pattern.compile("((?:^|.*,)address=(?:[^,]*:)?)([^,:]+)(.*)",
			Pattern.DOTALL);

	private static final Pattern MANAGEMENT = Pattern
		.compile("(-Dcom\\.sun\\.management\\.jmxremote\\.(?:rmi\\.)?port=)(.+)", Pattern.DOTALL);

	private static final Pattern RECORDING = Pattern.compile("(-XX:StartFlightRecording[=:])(.*)", Pattern.DOTALL);

	private static final Pattern HEAP_DUMP = Pattern.compile("(-XX:HeapDumpPath=)(.+)", Pattern.DOTALL);

	private static final String UNIFIED_LOG = "-Xlog:";

	private static final String GC_LOG = "-Xloggc:";

	/**
	 * Look at an option.
	 * @param option one argument of the JVM
	 * @return what it shares, or {@code null} if nothing
	 */
	static @Nullable SharedOption of(String option) {
		if (option.startsWith(UNIFIED_LOG)) {
			return log(option, 2, "JVM log");
		}
		if (option.startsWith(GC_LOG)) {
			return log(option, 1, "GC log");
		}
		Matcher matcher = DEBUGGER.matcher(option);
		if (matcher.matches()) {
			return debugger(matcher.group(1), matcher.group(2));
		}
		matcher = MANAGEMENT.matcher(option);
		if (matcher.matches()) {
			return port("JMX agent", matcher.group(1), matcher.group(2), "");
		}
		matcher = RECORDING.matcher(option);
		if (matcher.matches()) {
			return recording(matcher.group(1), matcher.group(2));
		}
		matcher = HEAP_DUMP.matcher(option);
		return matcher.matches() ? file("heap dump", matcher.group(1), matcher.group(2), "") : null;
	}

	private static @Nullable SharedOption debugger(String agent, String options) {
		List<String> parts = split(options, ',');
		Matcher address = ADDRESS.matcher(options);
		return (parts.contains("server=y") && !LATER.matcher(options).find() && address.matches())
				? port("debugger", agent + address.group(1), address.group(2), address.group(3)) : null;
	}

	private static @Nullable SharedOption port(String owner, String prefix, String port, String suffix) {
		return port.equals("0") ? null : new SharedOption(Collision.Kind.PORT, owner, prefix, port, suffix);
	}

	private static @Nullable SharedOption recording(String option, String settings) {
		String name = "filename=";
		int start = 0;
		for (String setting : split(settings, ',')) {
			if (setting.startsWith(name)) {
				return quotedFile("flight recording", option + settings.substring(0, start) + name,
						setting.substring(name.length()), settings.substring(start + setting.length()));
			}
			start += setting.length() + 1;
		}
		return null;
	}

	/**
	 * The file is the part behind the given number of colons. HotSpot puts the process id
	 * or the time in the place of {@code %p} and {@code %t}.
	 */
	private static @Nullable SharedOption log(String option, int position, String owner) {
		List<String> parts = split(option, ':');
		if (parts.size() <= position) {
			return null;
		}
		String output = parts.get(position);
		String type = output.startsWith("file=") ? "file=" : "";
		String file = output.substring(type.length());
		boolean unique = file.contains("%p") || file.contains("%t");
		if (file.isEmpty() || unique || file.equals("stdout") || file.equals("stderr")) {
			return null;
		}
		String before = String.join(":", parts.subList(0, position)) + ":" + type;
		return quotedFile(owner, before, file, option.substring(before.length() + file.length()));
	}

	private static @Nullable SharedOption quotedFile(String owner, String prefix, String file, String suffix) {
		boolean quoted = file.length() >= 2 && file.startsWith("\"") && file.endsWith("\"");
		return quoted ? file(owner, prefix + "\"", file.substring(1, file.length() - 1), "\"" + suffix)
				: file(owner, prefix, file, suffix);
	}

	private static @Nullable SharedOption file(String owner, String prefix, String file, String suffix) {
		return (file.isEmpty() || file.endsWith("/")) ? null
				: new SharedOption(Collision.Kind.FILE, owner, prefix, file, suffix);
	}

	private static List<String> split(String text, char separator) {
		List<String> parts = new ArrayList<>();
		boolean quoted = false;
		int start = 0;
		for (int i = 0; i < text.length(); i++) {
			if (text.charAt(i) == '"') {
				quoted = !quoted;
			}
			else if (text.charAt(i) == separator && !quoted) {
				parts.add(text.substring(start, i));
				start = i + 1;
			}
		}
		parts.add(text.substring(start));
		return parts;
	}

	/**
	 * Return the name of the option, without what it is set to.
	 */
	String name() {
		int end = this.prefix.indexOf('=');
		int colon = this.prefix.indexOf(':', this.prefix.startsWith("-XX:") ? "-XX:".length() : 0);
		boolean option = colon >= 0 && !this.prefix.startsWith("-agent") && (end < 0 || colon < end);
		end = option ? colon : end;
		return (end < 0) ? this.prefix : this.prefix.substring(0, end);
	}

	/**
	 * Return what a generation uses instead.
	 */
	String shifted(int generation) {
		if (this.kind == Collision.Kind.PORT) {
			return "0";
		}
		int name = this.resource.lastIndexOf('/') + 1;
		int dot = this.resource.lastIndexOf('.');
		int end = (dot > name) ? dot : this.resource.length();
		return this.resource.substring(0, end) + "-" + generation + this.resource.substring(end);
	}

	/**
	 * Return the option with another port or file.
	 */
	String with(String replacement) {
		return this.prefix + replacement + this.suffix;
	}

}
