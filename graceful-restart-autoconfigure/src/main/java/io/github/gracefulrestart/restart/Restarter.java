package io.github.gracefulrestart.restart;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.posix.NativeAccess;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.preflight.PreflightSettings;
import io.github.gracefulrestart.process.SuccessorLauncher;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Replaces this JVM with a successor, started from whatever jar and configuration now lie
 * on disk, without a connection refused or a request failed.
 * <p>
 * At most one restart is under way; asking for another one meanwhile is refused with the
 * reason. Nothing here waits: {@link #restart(String)} returns at once, and what happens
 * is told through the returned attempt, {@link #status()} and application events. When a
 * restart does not succeed, this JVM goes on as if nothing had been asked.
 *
 * @since 0.1.0
 */
public final class Restarter {

	private static final Log logger = LogFactory.getLog(Restarter.class);

	/**
	 * Time for listeners of what has happened, before the context is closed under them.
	 */
	private static final Duration FOR_LISTENERS = Duration.ofSeconds(1);

	private final RestartState state;

	private final Listeners listeners;

	private final ListenerHosts hosts;

	private final SuccessorLauncher launcher;

	private final ApplicationJars jars;

	private final RestartSettings settings;

	private final PreflightSettings preflight;

	private final Departure departure;

	private final @Nullable SuccessorRole successorRole;

	private volatile Supplier<@Nullable String> missing = () -> null;

	private @Nullable Run run;

	private CountDownLatch decided = new CountDownLatch(0);

	private boolean stopping;

	/**
	 * Reaches zero when all that needs to know has been told that this process stops.
	 */
	private final CountDownLatch stopTold = new CountDownLatch(1);

	/**
	 * Create a restarter.
	 * @param lineage the generation, and the connection to the predecessor if there is
	 * one
	 * @param listeners the listeners of this JVM
	 * @param hosts what accepts and serves
	 * @param launcher launches successors
	 * @param jars the jars that this JVM runs from
	 * @param settings the limits
	 * @param preflight the limits of what is looked at before anything is launched
	 * @param context where application events go, and what is closed in the end
	 */
	public Restarter(Lineage lineage, Listeners listeners, ListenerHosts hosts, SuccessorLauncher launcher,
			ApplicationJars jars, RestartSettings settings, PreflightSettings preflight,
			ConfigurableApplicationContext context) {
		this.listeners = listeners;
		this.hosts = hosts;
		this.launcher = launcher;
		this.jars = jars;
		this.settings = settings;
		this.preflight = preflight;
		this.departure = new ContextDeparture(context, settings.shutdownTimeout());
		SuccessorLink link = lineage.link();
		ApplicationEventPublisher events = HierarchyEvents.of(context);
		if (link != null) {
			this.state = new RestartState(RestartPhase.INHERITING, lineage.generation(), link.flag().predecessorPid(),
					events);
			this.successorRole = new SuccessorRole(this.state, link, listeners, hosts, settings, this.departure);
			link.attach(this.successorRole);
		}
		else {
			this.state = new RestartState(RestartPhase.STARTING, lineage.generation(), null, events);
			this.successorRole = null;
		}
	}

	/**
	 * Ask for a restart.
	 * @param trigger what asks, for logs, reports and meters; one of few values
	 * @return the attempt
	 * @throws RestartRefusedException if a restart is under way or cannot be done now
	 */
	public RestartAttempt restart(String trigger) {
		RestartAttempt attempt = new RestartAttempt();
		begin("Graceful restart", trigger, (decision) -> new PredecessorRun(this.state, this.hosts,
				this.launcher::launch, this.jars, this.settings, preflight(), trigger, attempt, (drained) -> {
					decision.countDown();
					this.departure.leave(drained);
				}));
		return attempt;
	}

	/**
	 * Ask what a restart would come to. This process accepts and serves all the time, and
	 * no generation is counted.
	 * @param trigger what asks, for logs, reports and meters; one of few values
	 * @param boot whether to launch a successor, which runs the application's whole start
	 * until it is ready, gets no traffic, and is ended. The environment variable
	 * {@code GRACEFUL_RESTART_DRY_RUN} tells it so
	 * @return the stage at which all is known, completed on a thread of its own. It does
	 * not fail because a restart would
	 * @throws RestartRefusedException if a restart is under way or cannot be done now
	 */
	public CompletionStage<DryRunReport> dryRun(String trigger, boolean boot) {
		CompletableFuture<DryRunReport> result = new CompletableFuture<>();
		begin("Dry run", trigger, (decision) -> new DryRun(this.state, this.hosts, this.launcher::launch, this.settings,
				preflight(), trigger, boot, result));
		return RestartAttempt.stage(result);
	}

	private Preflight preflight() {
		return Preflight.of(this.preflight, this.launcher, new ListenerCheck(this.hosts), this.hosts::addresses);
	}

	/**
	 * Begin a run, on a thread of its own.
	 * @param runs is given what reaches zero when the run has decided what becomes of
	 * this JVM
	 */
	private void begin(String what, String trigger, Function<CountDownLatch, Run> runs) {
		RestartPhase previous = beginIfServing(what, trigger, runs);
		if (previous != RestartPhase.SERVING) {
			// Not under the lock: finding out what an application waits for takes a while
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
			// For want of a thread, of memory, or of a class
			if (next == null) {
				this.state.moveFrom(RestartPhase.PREFLIGHT, RestartPhase.SERVING);
				LastResort.log(what + " requested by " + trigger + " could not begin", ex);
				throw RestartRefusedException.impossible("it could not begin, because of an unexpected error, " + ex);
			}
			this.decided.countDown();
			next.abandon(ex);
		}
		return RestartPhase.SERVING;
	}

	private void start(Run next, CountDownLatch decision) {
		this.run = next;
		this.decided = decision;
		// Not a daemon, or the JVM may end in the middle of the shutdown, with Tomcat's
		// last thread, and leave the files behind that the web server deletes after that
		Threads.start("graceful-restart", () -> {
			try {
				next.run();
			}
			catch (Throwable ex) {
				// A second fault, while the first one was dealt with
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
				? "this process is on probation: for another " + (left + 999) / 1000 + " s its " + predecessor
						+ " can take back. Ask again after that"
				: "the " + predecessor + " of this process still drains";
	}

	private synchronized String underWay() {
		Run current = this.run;
		return (current != null) ? current.description() : "a restart";
	}

	private String successorSuffix() {
		Long pid = this.state.successorPid();
		return (pid != null) ? ", successor pid " + pid : "";
	}

	/**
	 * Ask the predecessor to serve again, because this JVM, its successor, should not.
	 * The predecessor accepts at once and then ends this process.
	 * @param reason why, for logs and reports
	 * @throws RestartRefusedException if there is no predecessor any more that could
	 */
	public void rollBack(String reason) {
		if (this.successorRole == null || !this.successorRole.rollBack(reason)) {
			throw RestartRefusedException.unavailable("no predecessor is there that could take back");
		}
		logger.warn("Asked the predecessor (pid " + this.state.predecessorPid() + ") to take back: " + reason);
	}

	/**
	 * Return where this JVM stands.
	 * @return a snapshot
	 */
	public RestartStatus status() {
		List<RestartStatus.ListenerState> states = this.listeners.all().stream().map(Restarter::describe).toList();
		return new RestartStatus(this.state.phase(), this.state.generation(), ProcessHandle.current().pid(),
				this.state.predecessorPid(), this.state.successorPid(), states, this.hosts.connections(),
				this.state.lastReport());
	}

	private static RestartStatus.ListenerState describe(Listener listener) {
		return new RestartStatus.ListenerState(listener.key(), describe(listener.localAddress()),
				listener.gate().isOpen());
	}

	private static String describe(SocketAddress address) {
		String text = address.toString();
		// An address without a host name begins with a slash; so may a path of a socket
		return (address instanceof InetSocketAddress && text.startsWith("/")) ? text.substring(1) : text;
	}

	/**
	 * Say whom to ask what the application waits for, as long as it is not ready.
	 * @param reason says what is missing, or {@code null} if nothing is known
	 */
	public void whenNotReady(Supplier<@Nullable String> reason) {
		this.missing = reason;
	}

	/**
	 * Say that the application is ready to serve: a successor takes over now.
	 */
	public void applicationReady() {
		LastResort.attempt("Preparing for a restart",
				() -> Threads.startDaemon("graceful-restart-probe", this::prepare));
		if (this.successorRole != null) {
			this.successorRole.ready();
		}
		else if (this.state.moveFrom(RestartPhase.STARTING, RestartPhase.SERVING) == RestartPhase.STARTING) {
			this.state.publish(new PredecessorGoneEvent(this.state));
		}
	}

	/**
	 * Loading native code costs some hundred milliseconds of processor time: too much for
	 * the start of an application, and too late when a restart is asked for. The copies
	 * of the jars need it.
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
			logger.warn("Graceful restarts are off: native calls do not work here, because " + nativeAccess.reason()
					+ ". The application is not affected otherwise");
		}
		else if (this.settings.keepJars()) {
			this.jars.keep(this.settings.controlDirectory());
		}
	}

	/**
	 * A signal or {@code System.exit} is meant for this process, and closes the
	 * application context from a shutdown hook. Whoever closes it before that means the
	 * application.
	 */
	private static boolean isJvmEnding() {
		Thread hook = new Thread(() -> {
		}, "graceful-restart-never");
		try {
			Runtime.getRuntime().addShutdownHook(hook);
			Runtime.getRuntime().removeShutdownHook(hook);
			return false;
		}
		catch (IllegalStateException ex) {
			return true;
		}
	}

	/**
	 * Say that this process, or the application in it, is told to stop, before anybody
	 * else hears of it: from now on no restart begins, and one that is under way ends. A
	 * predecessor that still runs is told, and accepts instead of this process. Returns
	 * at once.
	 */
	public void stopRequested() {
		Run current;
		synchronized (this) {
			if (this.stopping || this.state.phase() == RestartPhase.LEAVING) {
				return;
			}
			this.stopping = true;
			if (this.successorRole != null) {
				this.successorRole.beginToClose();
			}
			current = (this.decided.getCount() > 0) ? this.run : null;
		}
		try {
			// First: what follows may need classes
			LastResort.attempt("Looking after the jars", this.jars::check);
			SuccessorRole successor = this.successorRole;
			if (successor != null) {
				LastResort.attempt("Asking the predecessor to serve instead", () -> successor.stop(!isJvmEnding()));
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
	 * Wait for another thread that has been the first to hear of the stop, and is about
	 * to tell.
	 */
	private void awaitStopTold() throws InterruptedException {
		boolean telling;
		synchronized (this) {
			telling = this.stopping;
		}
		if (telling) {
			this.stopTold.await(this.settings.terminationTimeout().toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * Wait, because the application context is being closed: if a restart was under way,
	 * until its successor has ended; if a predecessor serves again, until what this
	 * process has accepted is finished.
	 */
	public void applicationClosing() {
		LastResort.attempt("Looking after the jars", this.jars::check);
		stopRequested();
		try {
			// Or the web server stops before this process has stopped to accept
			awaitStopTold();
			if (this.successorRole != null) {
				this.successorRole.awaitFinished();
			}
			// Whoever has decided to leave waits in turn for the end of this method
			decision().await(this.settings.terminationTimeout().plusSeconds(1).toMillis() * 2, TimeUnit.MILLISECONDS);
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
