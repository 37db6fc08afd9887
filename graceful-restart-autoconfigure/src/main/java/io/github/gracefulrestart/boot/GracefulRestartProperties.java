package io.github.gracefulrestart.boot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.host.EventStreams;
import io.github.gracefulrestart.options.CollisionRule;
import io.github.gracefulrestart.options.CollisionRules;
import io.github.gracefulrestart.preflight.ForeignListenersRule;
import io.github.gracefulrestart.preflight.MemoryRule;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of graceful restarts.
 */
@ConfigurationProperties(GracefulRestartProperties.PREFIX)
public class GracefulRestartProperties {

	/** What their names begin with. */
	public static final String PREFIX = "graceful.restart";

	/**
	 * Whether this process can be replaced in place by its next version.
	 */
	private boolean enabled;

	/**
	 * Whether the application fails to start if graceful restarts are unavailable.
	 * Otherwise it starts normally and logs the reason once.
	 */
	private boolean required;

	/**
	 * Names of the signals that trigger a restart, without SIG. With an empty list, no
	 * signal does, and all signals keep their usual effect.
	 */
	private List<String> signals = new ArrayList<>(List.of("USR2", "HUP"));

	/**
	 * Files and directories that trigger a restart when they have changed. Of a volume
	 * that Kubernetes has mounted, name the directory. Nothing is watched by default.
	 */
	private List<Path> watch = new ArrayList<>();

	/**
	 * Time for which nothing that is watched must change before a restart is triggered.
	 */
	private Duration watchQuietPeriod = Duration.ofSeconds(10);

	/**
	 * Time allowed for a successor to become ready. When it passes, the successor is
	 * terminated and this process continues to serve.
	 */
	private Duration startupTimeout = Duration.ofMinutes(2);

	/**
	 * Time allowed for each step of the handover once the successor is ready. When it
	 * passes, the successor is terminated and this process continues to serve.
	 */
	private Duration handoverTimeout = Duration.ofSeconds(10);

	/**
	 * Time allowed for a request to complete after the successor has taken over. A
	 * request that has been running for this long is aborted. After twice this time, all
	 * remaining connections are closed. The default is the value of
	 * spring.lifecycle.timeout-per-shutdown-phase.
	 */
	private @Nullable Duration drainTimeout;

	/**
	 * What happens to plain HTTP/1.1 connections that are between two requests when the
	 * successor takes over.
	 */
	private Connections connections = Connections.MIGRATE;

	/**
	 * Time over which the closing of WebSocket connections is spread after the successor
	 * has taken over, so that their clients do not all reconnect at the same instant.
	 */
	private Duration webSocketCloseSpread = Duration.ZERO;

	/**
	 * Status code with which WebSocket connections are closed after the successor has
	 * taken over: 1001, 1012, 1013, or a code from 3000 to 4999.
	 */
	private int webSocketCloseCode = 1001;

	/**
	 * What happens to event streams when the successor takes over. A stream that is
	 * completed ends at once, and its client is expected to reconnect. Any other stream
	 * is treated as an ordinary response, which is aborted when the drain timeout passes.
	 */
	private EventStreams eventStreams = EventStreams.AUTO;

	/**
	 * Name of a response header that contains the generation of the process that
	 * responds. No header is added by default.
	 */
	private @Nullable String generationHeader;

	/**
	 * Whether all meters get the tag "generation".
	 */
	private boolean tagMeters = true;

	/**
	 * Minimum time for which connections that cannot move and have no request stay open
	 * after the successor has taken over, so that a response can tell their clients to
	 * reconnect. They also stay open until probation ends. When both times have passed,
	 * they are closed.
	 */
	private Duration keepAliveGrace = Duration.ofSeconds(3);

	/**
	 * Time after the takeover during which this process stays and can roll back: if the
	 * successor exits, hangs or requests it, this process accepts connections again.
	 * Further restarts are refused meanwhile. With 0s, this process exits after its last
	 * request, and can roll back only until then.
	 */
	private Duration probation = Duration.ofSeconds(10);

	/**
	 * Time for which a successor may be silent after it has taken over. When it passes,
	 * this process accepts connections again and the successor is terminated.
	 */
	private Duration hangTimeout = Duration.ofSeconds(5);

	private final HealthCheck healthCheck = new HealthCheck();

	/**
	 * Time allowed for a successor to exit after SIGTERM. When it passes, the successor
	 * is killed.
	 */
	private Duration terminationTimeout = Duration.ofSeconds(10);

	/**
	 * Time allowed for this process to close its application context and exit after it
	 * has handed over the service. When it passes, this process logs what holds it, with
	 * the stack trace, and halts.
	 */
	private Duration shutdownTimeout = Duration.ofMinutes(2);

	/**
	 * Existing directory for the private directory that contains the control socket and
	 * the copies of the jars. The default is the directory for temporary files.
	 */
	private @Nullable Path controlDirectory;

	/**
	 * Whether the running process keeps unnamed copies of its jars in the control
	 * directory, so that it survives when the jars are overwritten in place. Takes as
	 * much disk space as the jars.
	 */
	private boolean keepJars = true;

	/**
	 * Time allowed for each call of a RestartParticipant. When it passes, the call is
	 * interrupted and the restart continues without it. Only if the participant was asked
	 * before the launch, the restart is refused.
	 */
	private Duration participantTimeout = Duration.ofSeconds(10);

	/**
	 * File that contains the process id of the process that serves. The default is
	 * spring.pid.file if the application has an ApplicationPidFileWriter, whose work this
	 * starter does then.
	 */
	private @Nullable Path pidFile;

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

	public List<Path> getWatch() {
		return this.watch;
	}

	public void setWatch(List<Path> watch) {
		this.watch = watch;
	}

	public Duration getWatchQuietPeriod() {
		return this.watchQuietPeriod;
	}

	public void setWatchQuietPeriod(Duration watchQuietPeriod) {
		this.watchQuietPeriod = watchQuietPeriod;
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

	public Duration getParticipantTimeout() {
		return this.participantTimeout;
	}

	public void setParticipantTimeout(Duration participantTimeout) {
		this.participantTimeout = participantTimeout;
	}

	public @Nullable Path getPidFile() {
		return this.pidFile;
	}

	public void setPidFile(@Nullable Path pidFile) {
		this.pidFile = pidFile;
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
		 * They move to the successor, and their clients do not notice.
		 */
		MIGRATE,

		/**
		 * The next response tells their clients to use another connection.
		 */
		CLOSE

	}

	/**
	 * How a successor on probation is checked.
	 */
	public static class HealthCheck {

		/**
		 * Group or contributor of the health endpoint that must be UP while the successor
		 * is on probation. Otherwise the predecessor rolls back. Liveness and readiness
		 * are always checked.
		 */
		private @Nullable String group;

		/**
		 * Time between two checks of a successor on probation.
		 */
		private Duration interval = Duration.ofSeconds(1);

		/**
		 * Time allowed for one check. When it passes, the check has failed.
		 */
		private Duration timeout = Duration.ofSeconds(2);

		/**
		 * Number of consecutive failed checks after which the predecessor rolls back.
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
	 * How the launch of a successor differs from that of this process.
	 */
	public static class Launch {

		/**
		 * Program, with its arguments, that starts the successor instead of the command
		 * line of this process, for example the start script of the service. A relative
		 * path starts at the working directory. The program gets the environment, working
		 * directory and descriptors of a successor, and must become or start the
		 * successor, which has to connect within the startup timeout. Otherwise every
		 * process that the program has started is terminated, and this process continues
		 * to serve.
		 */
		private List<String> command = new ArrayList<>();

		/**
		 * Home of the Java runtime that runs successors. The default is the executable
		 * that runs this process.
		 */
		private @Nullable Path javaHome;

		/**
		 * JVM arguments for successors, placed before those of this process.
		 */
		private List<String> jvmArguments = new ArrayList<>();

		/**
		 * File of NAME=value lines, in the format of EnvironmentFile in systemd. It is
		 * read at each restart, and its variables are added to the environment of the
		 * successor.
		 */
		private @Nullable Path environmentFile;

		/**
		 * What happens to a JVM option with a fixed port of a debugger, JMX or an agent,
		 * which the successor cannot open while this process uses it.
		 */
		private CollisionRule collidingPorts = CollisionRules.DEFAULT.ports();

		/**
		 * What happens to a JVM option that names a file for one process only: a GC log,
		 * flight recording, heap dump or AOT cache.
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
	 * What is checked before a successor is launched.
	 */
	public static class Preflight {

		/**
		 * What happens when less memory is free, in the control group or the machine,
		 * than this process uses.
		 */
		private MemoryRule memory = MemoryRule.AUTO;

		/**
		 * What happens when this process listens on a socket that is not handed over,
		 * because it belongs to another server in the same JVM.
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
