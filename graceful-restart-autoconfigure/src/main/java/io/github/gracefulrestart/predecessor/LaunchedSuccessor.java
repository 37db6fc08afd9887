package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.ControlServer;
import io.github.gracefulrestart.handover.Dialect;
import io.github.gracefulrestart.handover.Message.Abort;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.handover.SpareListeners;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Connected;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Received;
import io.github.gracefulrestart.process.LaunchException;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.process.SuccessorProcess;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;
import io.github.gracefulrestart.state.Ticker;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The process that replaces this one, from its launch to the exit of either: the
 * listeners that it got, its messages, and how it ends. Used by one thread.
 */
final class LaunchedSuccessor {

	private static final Log logger = RestartLog.LOG;

	private final RestartState state;

	private final Launcher launcher;

	private final RestartSettings settings;

	private final Phases phases;

	private final int generation;

	private final SuccessorEvents events = new SuccessorEvents();

	private @Nullable SuccessorProcess process;

	private @Nullable Endings endings;

	/**
	 * Create a successor that has not been launched yet.
	 * @param parts the parts of its restart
	 * @param phases the phases of this JVM
	 */
	LaunchedSuccessor(RunParts parts, Phases phases) {
		this.state = parts.state();
		this.launcher = parts.launcher();
		this.settings = parts.settings();
		this.phases = phases;
		this.generation = this.state.generation() + 1;
	}

	/**
	 * Launch it, give it the listeners, and return when it is ready.
	 * @param dryRun whether it will never serve
	 * @param launched told of the process
	 * @param hosts whose listeners it gets, when it has connected
	 * @return whose listeners it got
	 * @throws RestartEndedException if it does not become ready
	 * @throws RestartRefusedException if a participant refuses the launch
	 */
	List<ListenerHost> start(boolean dryRun, Consumer<SuccessorProcess> launched, ListenerHosts hosts)
			throws RestartEndedException {
		endIfStopRequested();
		this.state.participants().beforeLaunch(this.generation, dryRun);
		endIfStopRequested();
		Duration limit = this.settings.startupTimeout();
		this.phases.enter(RestartPhase.LAUNCHING);
		long deadline = this.events.clock().deadline(limit);
		try (ControlServer server = ControlServer.open(this.settings.controlDirectory())) {
			Offer spares = dryRun ? Offer.NOTHING : Offer.of(hosts.open());
			SuccessorProcess process = this.launcher.launch(flag(server, dryRun, spares), spares.descriptors(),
					server.directory());
			this.process = process;
			this.endings = new Endings(this.events, process, this.state, this.settings.terminationTimeout(),
					new PortsInUse(hosts));
			this.state.successorPid(process.pid());
			if (process.isStartedByCommand()) {
				logger.info("Started the program of graceful.restart.launch.command (pid " + process.pid()
						+ "), waiting for the successor to connect");
			}
			else {
				announce(process, launched);
			}
			this.events.follow(process, server);
			ControlConnection control = await(Connected.class, deadline, "did not connect", limit).connection();
			server.stop();
			if (process.isStartedByCommand()) {
				this.state.successorPid(process.pid());
				announce(process, launched);
			}
			this.phases.enter(RestartPhase.AWAITING_READY);
			List<ListenerHost> offered = hosts.open();
			Offer.of(offered).send(control, this.generation);
			await(Ready.class, deadline, "was not ready", limit);
			return offered;
		}
		catch (IOException ex) {
			throw new RestartEndedException((this.endings != null) ? this.endings.broken(ex)
					: new Ending.Failed(String.valueOf(ex.getMessage()), null, ex));
		}
	}

	private void endIfStopRequested() throws RestartEndedException {
		if (this.events.isStopRequested()) {
			throw new RestartEndedException(new Ending.Stopped());
		}
	}

	private void announce(SuccessorProcess process, Consumer<SuccessorProcess> launched) {
		this.state.participants().launched(process.pid());
		launched.accept(process);
	}

	private SuccessorFlag flag(ControlServer server, boolean dryRun, Offer spares) {
		return new SuccessorFlag(ProcessHandle.current().pid(), server.socket(), server.token(), this.generation,
				dryRun,
				new SuccessorFlag.Handover(Dialect.OWN.toString(), SpareListeners.describe(spares.listeners())));
	}

	/**
	 * Wait for a message or an event of the successor.
	 * @param expected the type of the message or event
	 * @param deadline until when, on the clock of the events
	 * @param otherwise the reason if nothing arrives, to follow its name
	 * @param limit the time it had, for the reason
	 * @return the message or event
	 * @throws RestartEndedException if it does not arrive in time, or another event ends
	 * the restart
	 */
	<T> T await(Class<T> expected, long deadline, String otherwise, Duration limit) throws RestartEndedException {
		while (true) {
			Duration left = this.events.clock().until(deadline);
			// Events that have arrived while this process was suspended are not late
			SuccessorEvent event = this.events
				.poll((left.compareTo(Ticker.LONGEST_LOOK) > 0) ? left : Ticker.LONGEST_LOOK);
			if (event == null) {
				throw new RestartEndedException(endings().late(otherwise, limit));
			}
			Object content = (event instanceof Received received) ? received.message() : event;
			if (expected.isInstance(content)) {
				return expected.cast(content);
			}
			Ending ending = endings().of(event);
			if (ending != null) {
				throw new RestartEndedException(ending);
			}
		}
	}

	/**
	 * Return the events of the successor.
	 */
	SuccessorEvents events() {
		return this.events;
	}

	/**
	 * Return the endings of the restart.
	 */
	Endings endings() {
		return launched(this.endings);
	}

	/**
	 * Return the connection to it, once it has connected.
	 */
	ControlConnection connection() {
		return launched(this.events.connection());
	}

	private static <T> T launched(@Nullable T part) {
		if (part == null) {
			throw new IllegalStateException("no successor has been launched");
		}
		return part;
	}

	/**
	 * Return which generation it is.
	 */
	int generation() {
		return this.generation;
	}

	/**
	 * Return its process id.
	 * @return the process id, or 0 if it has not been launched
	 */
	@Nullable Long pid() {
		return (this.process != null) ? this.process.pid() : null;
	}

	/**
	 * Tell the successor the reason, terminate it, and return when it has been reaped.
	 * Never fails.
	 * @param reason one sentence
	 */
	void dismiss(String reason) {
		LastResort.attempt("Telling participants that this process resumes", this.state.participants()::resume);
		ControlConnection connection = this.events.connection();
		if (connection != null) {
			LastResort.attempt("Telling the successor why it is ended", () -> tell(connection, reason));
		}
		SuccessorProcess launched = this.process;
		if (launched != null) {
			LastResort.attempt("Ending the successor", () -> launched.terminate(this.settings.terminationTimeout()));
			if (launched.isAlive()) {
				LastResort.attempt("Killing the successor", () -> launched.terminate(Duration.ZERO));
			}
		}
		LastResort.attempt("Closing the control connection", this.events::close);
	}

	private static void tell(ControlConnection connection, String reason) {
		try {
			connection.send(new Abort(reason));
		}
		catch (IOException ex) {
			logger.debug("The successor is gone already", ex);
		}
	}

	/**
	 * Launches the process.
	 */
	@FunctionalInterface
	public interface Launcher {

		/**
		 * Launch it.
		 * @param flag what it needs to know
		 * @param listeners the descriptors of the listening sockets that the flag names
		 * @param scratch a directory that lasts until it is ready
		 * @return the running process
		 * @throws LaunchException if nothing could be started
		 */
		SuccessorProcess launch(SuccessorFlag flag, List<Integer> listeners, Path scratch) throws LaunchException;

	}

}
