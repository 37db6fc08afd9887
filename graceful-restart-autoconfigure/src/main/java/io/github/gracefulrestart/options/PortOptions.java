package io.github.gracefulrestart.options;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The options of the JVM that name a port.
 */
final class PortOptions {

	private static final Pattern DEBUGGER = Pattern
		.compile("(-agentlib:jdwp=|-Xrunjdwp:|-agentpath:[^=]*libjdwp\\.so=)(.*)", Pattern.DOTALL);

	/** Settings with which a debugger opens its port later, or never. */
	private static final Pattern LATER = Pattern.compile("(^|,)(onthrow=|onuncaught=y|onjcmd=y|launch=)");

	private static final Pattern ADDRESS = Pattern.compile("((?:^|.*,)address=(?:[^,]*:)?)([^,:]+)(.*)",
			Pattern.DOTALL);

	private static final Pattern MANAGEMENT = Pattern
		.compile("(-Dcom\\.sun\\.management\\.jmxremote\\.(?:rmi\\.|local\\.)?port=)(.+)", Pattern.DOTALL);

	private PortOptions() {
	}

	static @Nullable SharedOption find(String option) {
		Matcher matcher = DEBUGGER.matcher(option);
		if (matcher.matches()) {
			return debugger(matcher.group(1), matcher.group(2));
		}
		matcher = MANAGEMENT.matcher(option);
		return matcher.matches() ? SharedOption.port("JMX agent", matcher.group(1), matcher.group(2), "") : null;
	}

	private static @Nullable SharedOption debugger(String agent, String options) {
		List<String> parts = SharedOption.split(options, ',');
		Matcher address = ADDRESS.matcher(options);
		return (parts.contains("server=y") && !LATER.matcher(options).find() && address.matches())
				? SharedOption.port("debugger", agent + address.group(1), address.group(2), address.group(3)) : null;
	}

}
