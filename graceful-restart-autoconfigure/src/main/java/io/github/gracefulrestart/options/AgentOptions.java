package io.github.gracefulrestart.options;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.gracefulrestart.options.Collision.Kind;
import io.github.gracefulrestart.options.SharedOption.Spelling;
import io.github.gracefulrestart.options.launcher.VmOptions;
import org.jspecify.annotations.Nullable;

/**
 * The options of agents that open a port or lock a directory. A second JVM with such an
 * agent would exit, or run without the agent almost unnoticed. An agent is recognized by
 * the class in its manifest, or by the name of its file.
 */
final class AgentOptions {

	private static final String JAVA_AGENT = "-javaagent:";

	private static final String PREMAIN = "Premain-Class";

	private static final Pattern EXPORTER = Pattern.compile("(?:\\[[^\\]]*\\]:|[^:\\[]+:)?(\\d+):.+", Pattern.DOTALL);

	private static final Pattern NUMBERED_AGENT_ID = Pattern.compile(".*\\{\\{\\d+\\.\\.\\d+}}");

	private static final Pattern NATIVE = Pattern
		.compile("(-agentpath:[^=]*/?lib(jprofilerti|yjpagent)\\.so=(?:.*,)?port=)(\\d+)((?:,.*)?)", Pattern.DOTALL);

	private static final String EXPORTERS = "-Dotel.metrics.exporter=";

	private static final String PROMETHEUS = "prometheus";

	private AgentOptions() {
	}

	static @Nullable SharedOption find(String option, VmOptions options) {
		if (option.startsWith(JAVA_AGENT)) {
			return agent(option, options);
		}
		if (option.startsWith(EXPORTERS)) {
			return telemetry(option, options);
		}
		Matcher matcher = NATIVE.matcher(option);
		if (matcher.matches()) {
			String owner = matcher.group(2).startsWith("j") ? "JProfiler agent" : "YourKit agent";
			return new SharedOption(Kind.AGENT, owner, untilEquals(option), "port " + matcher.group(3), null, null);
		}
		return null;
	}

	private static @Nullable SharedOption agent(String option, VmOptions options) {
		int equals = option.indexOf('=');
		String name = (equals < 0) ? option : option.substring(0, equals);
		String arguments = (equals < 0) ? "" : option.substring(equals + 1);
		String jar = name.substring(JAVA_AGENT.length());
		return switch (KnownAgent.of(jar, premain(jar, options))) {
			case JMX_EXPORTER -> exporter(name, arguments);
			case JMX_EXPORTER_ISOLATOR -> isolator(name, arguments);
			case JOLOKIA -> port(KnownAgent.JOLOKIA, option, name, configured(arguments, options));
			case JACOCO ->
				arguments.contains("output=tcpserver") ? port(KnownAgent.JACOCO, option, name, arguments) : null;
			case BYTEMAN ->
				arguments.contains("listener:true") ? port(KnownAgent.BYTEMAN, option, name, arguments) : null;
			case GLOWROOT -> glowroot(name, jar, options);
			case OPEN_TELEMETRY, OTHER -> null;
		};
	}

	private static @Nullable SharedOption exporter(String name, String arguments) {
		Matcher matcher = EXPORTER.matcher(arguments);
		return matcher.matches() ? fixed(KnownAgent.JMX_EXPORTER, name, matcher.group(1)) : null;
	}

	private static @Nullable SharedOption isolator(String name, String arguments) {
		String ports = SharedOption.split(arguments, ',')
			.stream()
			.map((exporter) -> EXPORTER.matcher(exporter.substring(exporter.indexOf('=') + 1)))
			.filter(Matcher::matches)
			.map((exporter) -> exporter.group(1))
			.collect(Collectors.joining(" and "));
		return ports.isEmpty() ? null : fixed(KnownAgent.JMX_EXPORTER_ISOLATOR, name, ports);
	}

	/**
	 * An agent whose port is one of its settings or has a default.
	 */
	private static @Nullable SharedOption port(KnownAgent agent, String option, String name, String settings) {
		Matcher matcher = Pattern.compile("((?:.*,)?" + agent.port() + ")([^,]*)(.*)", Pattern.DOTALL)
			.matcher(settings);
		String port = matcher.matches() ? matcher.group(2).strip() : agent.defaultPort();
		if (port.equals("0")) {
			return null;
		}
		boolean written = matcher.matches() && option.endsWith(settings);
		String more = option.equals(name) ? "=" : ",";
		Spelling spelling = written
				? new Spelling(option.substring(0, option.length() - settings.length()) + matcher.group(1),
						matcher.group(3))
				: new Spelling(option + more + agent.port(), "");
		// If the system may choose the port, the agent logs it
		boolean movable = agent == KnownAgent.JOLOKIA;
		return new SharedOption(Kind.AGENT, agent.label(), name, "port " + port, movable ? spelling : null, null);
	}

	private static String configured(String arguments, VmOptions options) {
		Matcher matcher = Pattern.compile("(?:.*,)?config=([^,]*).*").matcher(arguments);
		Path file = matcher.matches() ? options.files().resolve(matcher.group(1)) : null;
		boolean port = SharedOption.split(arguments, ',').stream().anyMatch((setting) -> setting.startsWith("port="));
		if (file == null || port) {
			return arguments;
		}
		Properties properties = new Properties();
		try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
			properties.load(reader);
		}
		catch (IOException | IllegalArgumentException ex) {
			return arguments;
		}
		String value = properties.getProperty("port");
		return (value != null) ? "port=" + value : arguments;
	}

	private static @Nullable SharedOption glowroot(String name, String jar, VmOptions options) {
		String id = options.property("glowroot.agent.id");
		if (id != null && NUMBERED_AGENT_ID.matcher(id).matches()) {
			return null;
		}
		String explicit = options.property("glowroot.tmp.dir");
		int slash = jar.lastIndexOf('/');
		String directory = (slash < 0) ? "." : jar.substring(0, slash + 1);
		return new SharedOption(Kind.AGENT, KnownAgent.GLOWROOT.label(), name,
				"directory " + ((explicit != null) ? explicit : directory), null, null);
	}

	/**
	 * Only the exporter of the agent opens a port. The rest of the agent could run twice,
	 * but does not start if the exporter fails.
	 */
	private static @Nullable SharedOption telemetry(String option, VmOptions options) {
		List<String> exporters = SharedOption.split(option.substring(EXPORTERS.length()), ',');
		boolean agent = options.all()
			.stream()
			.filter((other) -> other.startsWith(JAVA_AGENT))
			.map((other) -> untilEquals(other.substring(JAVA_AGENT.length())))
			.anyMatch((jar) -> KnownAgent.of(jar, premain(jar, options)) == KnownAgent.OPEN_TELEMETRY);
		String port = options.property("otel.exporter.prometheus.port");
		if (!agent || "0".equals(port) || exporters.stream().noneMatch(AgentOptions::isPrometheus)) {
			return null;
		}
		String others = exporters.stream()
			.filter((exporter) -> !isPrometheus(exporter))
			.collect(Collectors.joining(","));
		return new SharedOption(Kind.AGENT, KnownAgent.OPEN_TELEMETRY.label(),
				EXPORTERS.substring(0, EXPORTERS.length() - 1),
				"port " + ((port != null) ? port : KnownAgent.OPEN_TELEMETRY.defaultPort()), null,
				EXPORTERS + (others.isEmpty() ? "none" : others));
	}

	private static boolean isPrometheus(String exporter) {
		return exporter.strip().equals(PROMETHEUS);
	}

	private static String untilEquals(String text) {
		int equals = text.indexOf('=');
		return (equals < 0) ? text : text.substring(0, equals);
	}

	private static SharedOption fixed(KnownAgent agent, String name, String port) {
		return new SharedOption(Kind.AGENT, agent.label(), name, "port " + port, null, null);
	}

	private static @Nullable String premain(String jar, VmOptions options) {
		Path file = options.files().resolve(jar);
		if (file == null || !Files.isRegularFile(file)) {
			return null;
		}
		try (JarFile archive = new JarFile(file.toFile())) {
			Manifest manifest = archive.getManifest();
			return (manifest != null) ? manifest.getMainAttributes().getValue(PREMAIN) : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

}
