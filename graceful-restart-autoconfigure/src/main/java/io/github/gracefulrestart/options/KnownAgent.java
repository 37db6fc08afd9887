package io.github.gracefulrestart.options;

import java.util.Arrays;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A Java agent that uses a resource which two JVMs cannot share.
 */
enum KnownAgent {

	JMX_EXPORTER_ISOLATOR("Prometheus JMX exporters", "io.prometheus.jmx.IsolatorJavaAgent",
			"jmx_prometheus_isolator.*", "", ""),

	JMX_EXPORTER("Prometheus JMX exporter", "io.prometheus.jmx.JavaAgent", "jmx_prometheus.*", "", ""),

	JOLOKIA("Jolokia agent", "org.jolokia.jvmagent.JvmAgent", "jolokia.*", "port=", "8778"),

	GLOWROOT("Glowroot agent", "org.glowroot.agent.AgentPremain", "glowroot.*", "", ""),

	OPEN_TELEMETRY("Prometheus exporter of the OpenTelemetry agent", "io.opentelemetry.javaagent.OpenTelemetryAgent",
			"opentelemetry-javaagent.*", "", "9464"),

	JACOCO("JaCoCo agent", "org.jacoco.agent.rt.PreMain", "(?:org\\.)?jacoco.*", "port=", "6300"),

	BYTEMAN("Byteman agent", "org.jboss.byteman.agent.Main", "byteman.*", "port:", "9091"),

	OTHER("Java agent", "", "", "", "");

	private final String label;

	private final String premain;

	private final Pattern file;

	private final String port;

	private final String defaultPort;

	KnownAgent(String label, String premain, String file, String port, String defaultPort) {
		this.label = label;
		this.premain = premain;
		this.file = Pattern.compile(file);
		this.port = port;
		this.defaultPort = defaultPort;
	}

	/**
	 * Find out which agent a jar contains.
	 * @param jar the name of its file
	 * @param premain the class that its manifest names, or {@code null} if it cannot be
	 * read
	 */
	static KnownAgent of(String jar, @Nullable String premain) {
		String file = jar.substring(jar.lastIndexOf('/') + 1);
		return Arrays.stream(values()).filter((agent) -> agent.isNamed(premain, file)).findFirst().orElse(OTHER);
	}

	private boolean isNamed(@Nullable String premain, String file) {
		// JaCoCo's package name contains a number that changes with each version
		boolean named = premain != null && !this.premain.isEmpty()
				&& (premain.equals(this.premain) || (this == JACOCO && premain.startsWith("org.jacoco.agent.rt.")));
		return named || this.file.matcher(file).matches();
	}

	/**
	 * Return a description of the agent.
	 */
	String label() {
		return this.label;
	}

	/**
	 * Return the text before the port in the agent's settings.
	 */
	String port() {
		return this.port;
	}

	String defaultPort() {
		return this.defaultPort;
	}

}
