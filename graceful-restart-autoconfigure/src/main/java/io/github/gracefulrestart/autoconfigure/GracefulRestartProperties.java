package io.github.gracefulrestart.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.options.CollisionRule;
import io.github.gracefulrestart.options.CollisionRules;
import io.github.gracefulrestart.preflight.ForeignListenersRule;
import io.github.gracefulrestart.preflight.MemoryRule;
import io.github.gracefulrestart.tomcat.EventStreams;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of graceful restarts.
 *
 * @since 0.1.0
 */
@ConfigurationProperties(GracefulRestartProperties.PREFIX)
public class GracefulRestartProperties {

	static final String PREFIX = "graceful.restart";

	/**
	 * Whether this process can be replaced in place by its next version.
	 */
	private boolean enabled;

	/**
	 * Whether the application fails to start where graceful restarts do not work.
	 * Otherwise it starts and says once why they are off.
	 */
	private boolean required;

	/**
	 * Signals that trigger a restart, by name without SIG. An empty list leaves all
	 * signals alone.
	 */
	private List<String> signals = new ArrayList<>(List.of("USR2", "HUP"));

	/**
	 * Time allowed for a successor to become ready. When it passes, the successor is
	 * ended and this process continues to serve.
	 */
	private Duration startupTimeout = Duration.ofMinutes(2);

	/**
	 * Time allowed for each step of the handover once the successor is ready. When it
	 * passes, the successor is ended and this process continues to serve.
	 */
	private Duration handoverTimeout = Duration.ofSeconds(10);

	/**
	 * Time allowed for requests to finish after the successor has taken over. When it
	 * passes, the connections that are left are cut. The default is that of
	 * spring.lifecycle.timeout-per-shutdown-phase.
	 */
	private @Nullable Duration drainTimeout;

	/**
	 * What happens to plain HTTP/1.1 connections that are between two requests when the
	 * successor takes over.
	 */
	private Connections connections = Connections.MIGRATE;

	/**
	 * Time over which WebSocket connections are closed when the successor has taken over,
	 * so that their clients do not all come back in the same instant.
	 */
	private Duration webSocketCloseSpread = Duration.ZERO;

	/**
	 * Status code with which WebSocket connections are closed when the successor has
	 * taken over: 1001 (going away), 1012 (service restart), 1013 (try again later) or
	 * one from 3000 to 4999.
	 */
	private int webSocketCloseCode = 1001;

	/**
	 * What happens to event streams when the successor has taken over. Those that are
	 * completed end at once, and their clients are expected to ask again; all others are
	 * finished like any other answer and cut when the drain timeout has passed.
	 */
	private EventStreams eventStreams = EventStreams.AUTO;

	/**
	 * Name of a response header that says which generation of the service has answered.
	 * No header is added by default.
	 */
	private @Nullable String generationHeader;

	/**
	 * Whether all meters get a tag that names the generation of the service.
	 */
	private boolean tagMeters = true;

	/**
	 * Time for which connections that cannot move and have no request are kept open at
	 * least after the successor has taken over, so that their clients can be told with an
	 * answer to use another connection. They are kept as long as probation lasts in any
	 * case. When both have passed, they are closed.
	 */
	private Duration keepAliveGrace = Duration.ofSeconds(3);

	/**
	 * Time after the successor has taken over for which this process stays and can take
	 * back. When the successor ends, hangs or asks for it within that time, this process
	 * accepts again. While requests are being finished it always can. Another restart is
	 * refused meanwhile.
	 */
	private Duration probation = Duration.ofSeconds(10);

	/**
	 * Time for which a successor that serves may be silent while this process can take
	 * back. When it passes, this process accepts again and the successor is ended.
	 */
	private Duration hangTimeout = Duration.ofSeconds(5);

	private final HealthCheck healthCheck = new HealthCheck();

	/**
	 * Time allowed for a successor to end after it was asked to. When it passes, it is
	 * killed.
	 */
	private Duration terminationTimeout = Duration.ofSeconds(10);

	/**
	 * Time allowed for this process to close its application context and end when it has
	 * left the service to its successor. When it passes, what holds it is logged with its
	 * stack, and this process halts.
	 */
	private Duration shutdownTimeout = Duration.ofMinutes(2);

	/**
	 * Existing directory in which the private directory of the control socket is made.
	 * The default is the directory for temporary files.
	 */
	private @Nullable Path controlDirectory;

	/**
	 * Whether a copy of the jars that the application runs from is kept in the control
	 * directory, without a name, so that overwriting them in place does no harm. Takes as
	 * much disk space as the jars.
	 */
	private boolean keepJars = true;

	private final Launch launch = new Launch();

	private final Preflight preflight = new Preflight();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public boolean isRequired() {
		return this.required;
	}

	public void setRequired(boolean required) {
		this.required = required;
	}

	public List<String> getSignals() {
		return this.signals;
	}

	public void setSignals(List<String> signals) {
		this.signals = signals;
	}

	public Duration getStartupTimeout() {
		return this.startupTimeout;
	}

	public void setStartupTimeout(Duration startupTimeout) {
		this.startupTimeout = startupTimeout;
	}

	public Duration getHandoverTimeout() {
		return this.handoverTimeout;
	}

	public void setHandoverTimeout(Duration handoverTimeout) {
		this.handoverTimeout = handoverTimeout;
	}

	public @Nullable Duration getDrainTimeout() {
		return this.drainTimeout;
	}

	public void setDrainTimeout(@Nullable Duration drainTimeout) {
		this.drainTimeout = drainTimeout;
	}

	public Connections getConnections() {
		return this.connections;
	}

	public void setConnections(Connections connections) {
		this.connections = connections;
	}

	public Duration getWebSocketCloseSpread() {
		return this.webSocketCloseSpread;
	}

	public void setWebSocketCloseSpread(Duration webSocketCloseSpread) {
		this.webSocketCloseSpread = webSocketCloseSpread;
	}

	public int getWebSocketCloseCode() {
		return this.webSocketCloseCode;
	}

	public void setWebSocketCloseCode(int webSocketCloseCode) {
		this.webSocketCloseCode = webSocketCloseCode;
	}

	public @Nullable String getGenerationHeader() {
		return this.generationHeader;
	}

	public void setGenerationHeader(@Nullable String generationHeader) {
		this.generationHeader = generationHeader;
	}

	public boolean isTagMeters() {
		return this.tagMeters;
	}

	public void setTagMeters(boolean tagMeters) {
		this.tagMeters = tagMeters;
	}

	public EventStreams getEventStreams() {
		return this.eventStreams;
	}

	public void setEventStreams(EventStreams eventStreams) {
		this.eventStreams = eventStreams;
	}

	public Duration getKeepAliveGrace() {
		return this.keepAliveGrace;
	}

	public void setKeepAliveGrace(Duration keepAliveGrace) {
		this.keepAliveGrace = keepAliveGrace;
	}

	public Duration getProbation() {
		return this.probation;
	}

	public void setProbation(Duration probation) {
		this.probation = probation;
	}

	public Duration getHangTimeout() {
		return this.hangTimeout;
	}

	public void setHangTimeout(Duration hangTimeout) {
		this.hangTimeout = hangTimeout;
	}

	public HealthCheck getHealthCheck() {
		return this.healthCheck;
	}

	public Duration getTerminationTimeout() {
		return this.terminationTimeout;
	}

	public void setTerminationTimeout(Duration terminationTimeout) {
		this.terminationTimeout = terminationTimeout;
	}

	public Duration getShutdownTimeout() {
		return this.shutdownTimeout;
	}

	public void setShutdownTimeout(Duration shutdownTimeout) {
		this.shutdownTimeout = shutdownTimeout;
	}

	public boolean isKeepJars() {
		return this.keepJars;
	}

	public void setKeepJars(boolean keepJars) {
		this.keepJars = keepJars;
	}

	public @Nullable Path getControlDirectory() {
		return this.controlDirectory;
	}

	public void setControlDirectory(@Nullable Path controlDirectory) {
		this.controlDirectory = controlDirectory;
	}

	public Launch getLaunch() {
		return this.launch;
	}

	public Preflight getPreflight() {
		return this.preflight;
	}

	/**
	 * What happens to connections that are between two requests.
	 */
	public enum Connections {

		/**
		 * They move to the successor and their clients do not notice.
		 */
		MIGRATE,

		/**
		 * Their clients are told with the next answer to use another connection.
		 */
		CLOSE

	}

	/**
	 * How a successor on probation is checked.
	 */
	public static class HealthCheck {

		/**
		 * Group or contributor of the health endpoint that must be UP in a successor that
		 * is on probation. When it is not, the predecessor takes back. Whether liveness
		 * and readiness allow to serve is checked in any case.
		 */
		private @Nullable String group;

		/**
		 * Time between two checks of a successor that is on probation.
		 */
		private Duration interval = Duration.ofSeconds(1);

		/**
		 * Time allowed for a check. When it passes, the check has failed.
		 */
		private Duration timeout = Duration.ofSeconds(2);

		/**
		 * Number of checks in a row that must fail before the predecessor is asked to
		 * take back.
		 */
		private int failures = 2;

		public @Nullable String getGroup() {
			return this.group;
		}

		public void setGroup(@Nullable String group) {
			this.group = group;
		}

		public Duration getInterval() {
			return this.interval;
		}

		public void setInterval(Duration interval) {
			this.interval = interval;
		}

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

		public int getFailures() {
			return this.failures;
		}

		public void setFailures(int failures) {
			this.failures = failures;
		}

	}

	/**
	 * How the start of a successor differs from that of this process.
	 */
	public static class Launch {

		/**
		 * Program and its arguments that start the successor instead of the command line
		 * of this process, for example the script that starts the service. A relative
		 * path begins at the working directory. The program gets the environment, working
		 * directory and descriptors that the successor would get, and becomes or starts
		 * the successor, which has to connect within the startup timeout. Otherwise all
		 * that the program has started is ended, and this process continues to serve.
		 */
		private List<String> command = new ArrayList<>();

		/**
		 * Home of the Java runtime that successors are started with. The default is the
		 * executable that this process was started with.
		 */
		private @Nullable Path javaHome;

		/**
		 * JVM arguments that successors get in front of those that this process was
		 * started with.
		 */
		private List<String> jvmArguments = new ArrayList<>();

		/**
		 * File of NAME=value lines, in the form of systemd's EnvironmentFile, that is
		 * read at each restart and whose variables the successor gets in its environment.
		 */
		private @Nullable Path environmentFile;

		/**
		 * What happens to JVM options with a fixed port, of a debugger, JMX or an agent,
		 * which the successor could not open while this process has it.
		 */
		private CollisionRule collidingPorts = CollisionRules.DEFAULT.ports();

		/**
		 * What happens to JVM options that name a file which only one process should
		 * write: a GC log, flight recording or heap dump.
		 */
		private CollisionRule collidingFiles = CollisionRules.DEFAULT.files();

		public List<String> getCommand() {
			return this.command;
		}

		public void setCommand(List<String> command) {
			this.command = command;
		}

		public @Nullable Path getJavaHome() {
			return this.javaHome;
		}

		public void setJavaHome(@Nullable Path javaHome) {
			this.javaHome = javaHome;
		}

		public List<String> getJvmArguments() {
			return this.jvmArguments;
		}

		public void setJvmArguments(List<String> jvmArguments) {
			this.jvmArguments = jvmArguments;
		}

		public @Nullable Path getEnvironmentFile() {
			return this.environmentFile;
		}

		public void setEnvironmentFile(@Nullable Path environmentFile) {
			this.environmentFile = environmentFile;
		}

		public CollisionRule getCollidingPorts() {
			return this.collidingPorts;
		}

		public void setCollidingPorts(CollisionRule collidingPorts) {
			this.collidingPorts = collidingPorts;
		}

		public CollisionRule getCollidingFiles() {
			return this.collidingFiles;
		}

		public void setCollidingFiles(CollisionRule collidingFiles) {
			this.collidingFiles = collidingFiles;
		}

	}

	/**
	 * What is looked at before a successor is launched.
	 */
	public static class Preflight {

		/**
		 * What happens when less memory is free, in the control group or the machine,
		 * than this process takes.
		 */
		private MemoryRule memory = MemoryRule.WARN;

		/**
		 * What happens when this process listens on a socket that is not handed over: of
		 * a server that is none of the web server's, in the same JVM.
		 */
		private ForeignListenersRule foreignListeners = ForeignListenersRule.WARN;

		public MemoryRule getMemory() {
			return this.memory;
		}

		public void setMemory(MemoryRule memory) {
			this.memory = memory;
		}

		public ForeignListenersRule getForeignListeners() {
			return this.foreignListeners;
		}

		public void setForeignListeners(ForeignListenersRule foreignListeners) {
			this.foreignListeners = foreignListeners;
		}

	}

}
