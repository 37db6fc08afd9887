package io.github.gracefulrestart.engine;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.PredecessorGoneEvent;
import io.github.gracefulrestart.RestartAttempt;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.RestartStatus;
import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.posix.NativeAccess;
import io.github.gracefulrestart.predecessor.DryRun;
import io.github.gracefulrestart.predecessor.PendingAttempt;
import io.github.gracefulrestart.predecessor.PredecessorRun;
import io.github.gracefulrestart.predecessor.Run;
import io.github.gracefulrestart.predecessor.RunParts;
import io.github.gracefulrestart.process.SuccessorLauncher;
import io.github.gracefulrestart.state.Departure;
import io.github.gracefulrestart.state.JvmShutdown;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.Participants;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;
import io.github.gracefulrestart.state.Threads;
import io.github.gracefulrestart.state.Ticker;
import io.github.gracefulrestart.successor.PredecessorLink;
import io.github.gracefulrestart.successor.SuccessorRun;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The engine of an application context: starts one restart at a time, and passes the
 * requests of the application and the operator on to the roles that this JVM plays.
 * Applications use its {@link #restarter()}.
 */
public final class RestartEngine {

	private static final Log logger = RestartLog.LOG;

	/**
	 * Time for event listeners to complete before their context is closed.
	 */
	private static final Duration FOR_LISTENERS = Duration.ofSeconds(1);

	private final RestartState state;

	private final Listeners listeners;

	private final ListenerHosts hosts;

	private final SuccessorLauncher launcher;

	private final ApplicationJars jars;

	private final RestartSettings settings;

	private final RunParts parts;

	private final Departure departure;

	private final WarmUp warmUp;

	private final @Nullable SuccessorRun successorRun;

	private volatile Supplier<@Nullable String> missing = () -> null;

	private @Nullable Run run;

	private CountDownLatch decided = new CountDownLatch(0);

	private boolean stopping;

	/**
	 * Reaches zero when all parts have been told that this process stops.
	 */
	private final CountDownLatch stopTold = new CountDownLatch(1);

	/**
	 * Create the engine.
	 * @param lineage the generation, and the connection to the predecessor if there is
	 * one
	 * @param parts what it works with
	 * @param context the context that events are published to, and that is closed in the
	 * end
	 */
	public RestartEngine(Lineage lineage, EngineParts parts, ConfigurableApplicationContext context) {
		this.listeners = parts.listeners();
		this.hosts = parts.hosts();
		this.launcher = parts.launcher();
		this.jars = parts.jars();
		this.settings = parts.settings();
		PredecessorLink link = lineage.link();
		ApplicationEventPublisher events = HierarchyEvents.of(context);
		this.state = (link != null)
				? new RestartState(RestartPhase.INHERITING, lineage.generation(), link.flag().predecessorPid(), events)
				: new RestartState(RestartPhase.STARTING, lineage.generation(), null, events);
		Participants participants = this.state.participants();
		this.warmUp = new WarmUp(context, participants, this.settings.participantTimeout(),
				this.settings.startupTimeout());
		this.departure = new ContextDeparture(context, this.state, this.settings.shutdownTimeout());
		this.successorRun = (link != null)
				? new SuccessorRun(this.state, link, this.listeners, this.hosts, this.settings, this.departure) : null;
		if (this.successorRun != null) {
			this.successorRun.begin();
		}
		this.parts = new RunParts(this.state, this.hosts,
				(flag, inherited, scratch) -> parts.launcher()
					.launch(flag, inherited, scratch, participants.environment()),
				this.jars, this.settings, parts.preflight());
	}

	/**
	 * Return the restarter that applications use.
	 * @return the restarter
	 */
	public Restarter restarter() {
		return new EngineRestarter(this);
	}

	RestartAttempt restart(String trigger) {
		PendingAttempt attempt = new PendingAttempt();
		begin("Graceful restart", trigger,
				(decision) -> new PredecessorRun(this.parts, trigger, attempt, (successorPid, drained, left) -> {
					decision.countDown();
					this.departure.leave(successorPid, drained, left);
				}));
		return attempt;
	}

	CompletionStage<DryRunReport> dryRun(String trigger, boolean boot) {
		CompletableFuture<DryRunReport> result = new CompletableFuture<>();
		begin("Dry run", trigger, (decision) -> new DryRun(this.parts, trigger, boot, result));
		return PendingAttempt.stage(result);
	}

	/**
	 * Start a run, on a thread of its own.
	 * @param runs creates the run, with a latch that reaches zero when the run has
	 * decided whether this JVM stays
	 */
	private void begin(String what, String trigger, Function<CountDownLatch, Run> runs) {
		RestartPhase previous = beginIfServing(what, trigger, runs);
		if (previous != RestartPhase.SERVING) {
			// Not under the lock, because finding out what an application waits for
			// takes a while
			RestartRefusedException refusal = refusal(previous);
			logger.warn(what + " requested by " + trigger + " refused: " + refusal.getMessage());
			throw refusal;
		}
	}

	private synchronized RestartPhase beginIfServing(String what, String trigger, Function<CountDownLatch, Run> runs) {
		if (this.stopping) {
			return RestartPhase.LEAVING;
		}
		Run next = null;
		try {
			RestartPhase previous = this.state.moveFrom(RestartPhase.SERVING, RestartPhase.PREFLIGHT);
			if (previous != RestartPhase.SERVING) {
				return previous;
			}
			CountDownLatch decision = new CountDownLatch(1);
			next = runs.apply(decision);
			start(next, decision);
		}
		catch (Throwable ex) {
			// For lack of a thread, of memory, or of a class
			if (next == null) {
				this.state.moveFrom(RestartPhase.PREFLIGHT, RestartPhase.SERVING);
				LastResort.log(what + " requested by " + trigger + " could not start", ex);
				throw RestartRefusedException.impossible("it could not start because of an unexpected error: " + ex);
			}
			this.decided.countDown();
			next.abandon(ex);
		}
		return RestartPhase.SERVING;
	}

	private void start(Run next, CountDownLatch decision) {
		this.run = next;
		this.decided = decision;
		// Not a daemon: otherwise the JVM may exit in the middle of the shutdown, with
		// Tomcat's last thread, before the web server has deleted its files
		Threads.start("graceful-restart", () -> {
			try {
				next.run();
			}
			catch (Throwable ex) {
				// A second failure while the first one was handled
				next.abandon(ex);
			}
			finally {
				decision.countDown();
				leaveIfStopping();
			}
		}, false);
	}

	private synchronized void leaveIfStopping() {
		if (this.stopping) {
			this.state.leave();
		}
	}

	private RestartRefusedException refusal(RestartPhase phase) {
		return switch (phase) {
			case STARTING, INHERITING -> RestartRefusedException.unavailable(starting());
			case SUCCEEDING -> RestartRefusedException.underWay(succeeding());
			case LEAVING -> RestartRefusedException.unavailable("this process is shutting down");
			default -> RestartRefusedException
				.underWay(underWay() + " is under way (" + phase.label() + successorSuffix() + ")");
		};
	}

	private String starting() {
		String reason = this.missing.get();
		return "this process (generation " + this.state.generation() + ") is still starting"
				+ ((reason != null) ? ": " + reason : "");
	}

	private String succeeding() {
		long left = this.state.probationLeft().toMillis();
		String predecessor = "predecessor (pid " + this.state.predecessorPid() + ")";
		return (left > 0)
				? "this process is on probation: its " + predecessor + " can roll back for another "
						+ (left + 999) / 1000 + " s. Try again after that"
				: "the " + predecessor + " of this process is still draining";
	}

	private synchronized String underWay() {
		Run current = this.run;
		return (current != null) ? current.description() : "a restart";
	}

	private String successorSuffix() {
		Long pid = this.state.successorPid();
		return (pid != null) ? ", successor pid " + pid : "";
	}

	void rollBack(String reason) {
		if (this.successorRun == null || !this.successorRun.rollBack(reason)) {
			throw RestartRefusedException.unavailable("there is no predecessor to roll back to");
		}
		logger.warn("Requested a rollback from predecessor (pid " + this.state.predecessorPid() + "): " + reason);
	}

	RestartStatus status() {
		List<RestartStatus.ListenerState> states = this.listeners.all().stream().map(RestartEngine::describe).toList();
		RestartStatus.Processes processes = new RestartStatus.Processes(ProcessHandle.current().pid(),
				this.state.predecessorPid(), this.state.successorPid());
		return new RestartStatus(this.state.phase(), this.state.generation(), processes, states,
				this.hosts.connections(), this.state.lastReport());
	}

	private static RestartStatus.ListenerState describe(Listener listener) {
		return new RestartStatus.ListenerState(listener.key().name(), describe(listener.localAddress()),
				listener.gate().isOpen());
	}

	private static String describe(SocketAddress address) {
		String text = address.toString();
		// An address without a host name begins with a slash; so may a path of a socket
		return (address instanceof InetSocketAddress && text.startsWith("/")) ? text.substring(1) : text;
	}

	/**
	 * Set what explains why the application is not ready yet.
	 * @param reason returns what is missing, or {@code null} if that is not known
	 */
	public void whenNotReady(Supplier<@Nullable String> reason) {
		this.missing = reason;
	}

	/**
	 * Note that the application is ready to serve. A successor takes over when its
	 * participants have warmed up; this method waits for them.
	 */
	public void applicationReady() {
		LastResort.attempt("Preparing for a restart",
				() -> Threads.startDaemon("graceful-restart-probe", this::prepare));
		String obstacle = this.warmUp.join();
		if (this.successorRun != null) {
			this.warmUp.before(this.successorRun, obstacle);
		}
		else if (this.state.moveFrom(RestartPhase.STARTING, RestartPhase.SERVING) == RestartPhase.STARTING) {
			this.state.publish(new PredecessorGoneEvent(this.state));
		}
	}

	/**
	 * Loading native code costs some hundred milliseconds of processor time. That is too
	 * much while an application starts, and too late when a restart is requested, because
	 * the copies of the jars need it.
	 */
	private void prepare() {
		LastResort.attempt("Noting the files that this process was started from", () -> {
			this.launcher.noteFiles();
			this.jars.findAll();
		});
		NativeAccess nativeAccess = NativeAccess.probe();
		String advice = NativeAccess.advice();
		if (nativeAccess.available() && advice != null) {
			logger.info(advice);
		}
		if (!nativeAccess.available()) {
			logger.warn("Graceful restarts are unavailable because native calls do not work: " + nativeAccess.reason()
					+ ". The application runs normally without them");
		}
		else if (this.settings.keepJars()) {
			this.jars.keep(this.settings.controlDirectory());
		}
	}

	/**
	 * Note that this process, or the application in it, is told to stop. Called before
	 * any other listener: from now on no restart starts, and one that is under way ends.
	 * A predecessor that still runs is told, and accepts instead of this process. Returns
	 * at once.
	 */
	public void stopRequested() {
		Run current;
		synchronized (this) {
			if (this.stopping || this.state.phase() == RestartPhase.LEAVING) {
				return;
			}
			this.stopping = true;
			if (this.successorRun != null) {
				this.successorRun.beginToClose();
			}
			current = (this.decided.getCount() > 0) ? this.run : null;
		}
		try {
			// First, because the following steps may load classes
			LastResort.attempt("Looking after the jars", this.jars::check);
			SuccessorRun successor = this.successorRun;
			if (successor != null) {
				// If the context is closed before the JVM shuts down, the application is
				// meant to stop
				LastResort.attempt("Asking the predecessor to serve instead",
						() -> successor.stop(!JvmShutdown.isUnderWay()));
			}
			if (current != null) {
				current.stop();
			}
			else {
				this.state.leave();
			}
		}
		finally {
			this.stopTold.countDown();
		}
	}

	/**
	 * Wait for another thread that was the first to notice the stop, and is passing it
	 * on.
	 */
	private void awaitStopTold() throws InterruptedException {
		boolean telling;
		synchronized (this) {
			telling = this.stopping;
		}
		if (telling) {
			new Ticker().await(this.stopTold, this.settings.terminationTimeout());
		}
	}

	/**
	 * Wait, because the application context is being closed: if a restart was under way,
	 * until its successor has exited; if the predecessor serves again, until this process
	 * has completed the requests that it has accepted.
	 */
	public void applicationClosing() {
		LastResort.attempt("Looking after the jars", this.jars::check);
		stopRequested();
		try {
			// Otherwise the web server stops before this process has stopped accepting
			awaitStopTold();
			if (this.successorRun != null) {
				this.successorRun.awaitFinished();
			}
			// A run that has decided to exit waits for this method, so waiting for it
			// would be a deadlock
			new Ticker().await(decision(), this.settings.terminationTimeout().plusSeconds(1).multipliedBy(2));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.state.leave();
		this.state.awaitEvents(FOR_LISTENERS);
	}

	private synchronized CountDownLatch decision() {
		return this.decided;
	}

}
