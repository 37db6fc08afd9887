package io.github.gracefulrestart.options;

import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.options.launcher.VmOptions;
import org.jspecify.annotations.Nullable;

/**
 * An option that names a port, a file or a directory which a second JVM cannot use at the
 * same time. Each option is parsed only as far as needed to replace its port or file.
 * Options that HotSpot would reject are not checked.
 *
 * @param kind what is shared
 * @param owner what uses it, in words
 * @param name the name of the option, without what it is set to
 * @param resource the port, file or directory
 * @param spelling the text around the resource, or {@code null} if the resource cannot be
 * replaced
 * @param without the option without the resource, or {@code null} to drop the option
 */
record SharedOption(Collision.Kind kind, String owner, String name, String resource, @Nullable Spelling spelling,
		@Nullable String without) {

	/**
	 * Parse an option.
	 * @param option one argument of the JVM
	 * @param options all of them
	 * @return what it shares, or {@code null} if nothing
	 */
	static @Nullable SharedOption of(String option, VmOptions options) {
		SharedOption shared = PortOptions.find(option);
		shared = (shared != null) ? shared : FileOptions.find(option, options);
		return (shared != null) ? shared : AgentOptions.find(option, options);
	}

	static @Nullable SharedOption port(String owner, String prefix, String port, String suffix) {
		return port.strip().equals("0") ? null : new SharedOption(Collision.Kind.PORT, owner, nameOf(prefix), port,
				new Spelling(prefix, suffix), null);
	}

	static @Nullable SharedOption file(String owner, String prefix, String file, String suffix) {
		boolean quoted = file.length() >= 2 && file.startsWith("\"") && file.endsWith("\"");
		String name = quoted ? file.substring(1, file.length() - 1) : file;
		String quote = quoted ? "\"" : "";
		return (name.isEmpty() || name.endsWith("/")) ? null : new SharedOption(Collision.Kind.FILE, owner,
				nameOf(prefix), name, new Spelling(prefix + quote, quote + suffix), null);
	}

	private static String nameOf(String prefix) {
		int end = prefix.indexOf('=');
		int colon = prefix.indexOf(':', prefix.startsWith("-XX:") ? "-XX:".length() : 0);
		end = (!prefix.startsWith("-agent") && colon >= 0 && (end < 0 || colon < end)) ? colon : end;
		return (end < 0) ? prefix : prefix.substring(0, end);
	}

	/**
	 * Split a text where a character stands outside of quotes.
	 */
	static List<String> split(String text, char separator) {
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
	 * Return the resource that a generation uses instead, or {@code null} if there is
	 * none.
	 */
	@Nullable String shifted(int generation) {
		if (this.spelling == null) {
			return null;
		}
		return (this.kind == Collision.Kind.FILE) ? numbered(generation) : "0";
	}

	private String numbered(int generation) {
		int name = this.resource.lastIndexOf('/') + 1;
		int dot = this.resource.lastIndexOf('.');
		int end = (dot > name) ? dot : this.resource.length();
		return this.resource.substring(0, end) + "-" + generation + this.resource.substring(end);
	}

	/**
	 * Return the option with another port or file.
	 */
	@Nullable String with(String replacement) {
		return (this.spelling != null) ? this.spelling.before() + replacement + this.spelling.after() : this.without;
	}

	/**
	 * The text around a port or file in an option.
	 *
	 * @param before the option up to there
	 * @param after the rest
	 */
	record Spelling(String before, String after) {

	}

}
