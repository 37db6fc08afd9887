package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.LaunchedFiles;
import io.github.gracefulrestart.PreflightReport;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Left;
import io.github.gracefulrestart.handover.Message.Pong;
import io.github.gracefulrestart.handover.Message.Proceed;
import io.github.gracefulrestart.handover.Message.Relieved;
import io.github.gracefulrestart.handover.Message.Report;
import io.github.gracefulrestart.handover.Message.Serving;
import io.github.gracefulrestart.handover.Message.Stopping;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.handover.ReportEntries;
import io.github.gracefulrestart.host.Drain;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Received;
import io.github.gracefulrestart.predecessor.SuccessorEvent.StopRequested;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.process.SuccessorProcess;
import io.github.gracefulrestart.state.Departure;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * One restart, seen from the JVM that was asked: from the preflight to the moment in
 * which this JVM may leave, or goes on as if nothing had been asked. Runs on one thread;
 * what happens elsewhere arrives there as an event.
 */
public final class PredecessorRun implements Run {

	private static final Log logger = RestartLog.LOG;

	/**
	 * How often to look at a successor when nothing else is to be done.
	 */
	private static final Duration LOOK = Duration.ofMillis(50);

	private final RestartState state;

	private final ListenerHosts hosts;

	private final ApplicationJars jars;

	private final RestartSettings settings;

	private final Preflight preflight;

	private final String trigger;

	private final PendingAttempt attempt;

	private final Departure departure;

	private final Stopwatch stopwatch = new Stopwatch(RestartPhase.PREFLIGHT);

	private final LaunchedSuccessor successor;

	private long probationEnd;

	private boolean reported;

	private @Nullable Drain drain;

	private @Nullable ConnectionMover mover;

	/**
	 * Create a run.
	 * @param parts what it works with; the state is {@link RestartPhase#PREFLIGHT}
	 * @param trigger what asked for the restart
	 * @param attempt where to say how it goes
	 * @param departure ends this process, when the successor serves and all is drained
	 */
	public PredecessorRun(RunParts parts, String trigger, PendingAttempt attempt, Departure departure) {
		this.state = parts.state();
		this.hosts = parts.hosts();
		this.jars = parts.jars();
		this.settings = parts.settings();
		this.preflight = parts.preflight();
		this.trigger = trigger;
		this.attempt = attempt;
		this.departure = departure;
		this.successor = new LaunchedSuccessor(this.state, parts.launcher(), this.settings, this.stopwatch);
	}

	@Override
	public void stop() {
		this.successor.events().stopRequested();
	}

	@Override
	public String description() {
		return "a restart";
	}

	@Override
	public void run() {
		try {
			this.jars.check();
			preflight();
			restart();
			leave(true);
		}
		catch (RestartRefusedException ex) {
			refuse(ex);
		}
		catch (RestartFailedException ex) {
			switch (ex.kind()) {
				case STOPPED -> stopped(ex);
				case SUCCESSOR_STOPPED -> followSuccessor(ex);
				case FAILED -> fail(ex);
			}
		}
		catch (Throwable ex) {
			abandon(ex);
		}
	}

	@Override
	public void abandon(Throwable failure) {
		if (this.reported) {
			// The successor has been told that this process leaves
			LastResort.log("Unexpected error after the handover. Exiting nevertheless", failure);
			leave(true);
		}
		else {
			fail(RestartFailedException.because("an unexpected error: " + failure, failure));
		}
	}

	private void leave(boolean drained) {
		this.state.leave();
		this.departure.leave(drained, this::sayLeft);
	}

	/**
	 * Not before the successor knows that this process leaves.
	 */
	private void sayLeft() {
		if (this.reported) {
			try {
				this.successor.connection().send(new Left());
			}
			catch (IOException ex) {
				logger.debug("The successor is gone", ex);
			}
		}
	}

	private void preflight() {
		PreflightReport report = this.preflight.run(this.successor.generation());
		PreflightLog.write(report);
		if (!report.passed()) {
			throw report.unavailable() ? RestartRefusedException.unavailable(report.reason())
					: RestartRefusedException.impossible(report.reason());
		}
	}

	private void restart() throws RestartFailedException {
		List<ListenerHost> offered = this.successor.start(false, this::launched, this.hosts);
		try {
			handOver(this.successor.connection(), offered);
			finish(this.successor.connection());
		}
		catch (IOException ex) {
			// Perhaps its gates are closed already
			serveOn();
			throw this.successor.reasons().broken(ex);
		}
	}

	private void launched(SuccessorProcess process) {
		logger.info("Graceful restart requested by " + this.trigger + ": launched successor (pid " + process.pid()
				+ ") as generation " + this.successor.generation() + startedFrom());
		this.attempt.completeLaunched(this.successor.generation(), process.pid());
	}

	private String startedFrom() {
		LaunchedFiles files = this.jars.launched();
		return (files != null) ? " from " + files.describe() : "";
	}

	private void handOver(ControlConnection control, List<ListenerHost> offered)
			throws IOException, RestartFailedException {
		List<String> obstacles = this.hosts.obstacles();
		if (!obstacles.isEmpty()) {
			// It has come since the preflight
			throw RestartFailedException.because(String.join("; ", obstacles), (String) null);
		}
		enter(RestartPhase.HANDING_OVER);
		logger.info("Successor (pid " + this.successor.pid() + ") became ready in "
				+ millis(RestartPhase.LAUNCHING, RestartPhase.AWAITING_READY) + " ms. Handing over " + offered);
		control.send(new Proceed());
		Serving serving = this.successor.await(Serving.class,
				this.successor.events().clock().deadline(this.settings.handoverTimeout()), "did not open its gates",
				this.settings.handoverTimeout());
		Set<Welcome.Listener> adopted = new HashSet<>(serving.adopted());
		List<ListenerHost> inherited = new ArrayList<>();
		List<ListenerHost> abandoned = new ArrayList<>();
		for (ListenerHost host : offered) {
			(adopted.contains(Offer.describe(ListenerHosts.listenerOf(host))) ? inherited : abandoned).add(host);
		}
		this.probationEnd = System.nanoTime() + this.settings.probation().toNanos();
		inherited.forEach((host) -> ListenerHosts.listenerOf(host).handOver());
		control.send(new Relieved(this.settings.probation().toMillis()));
		enter(RestartPhase.DRAINING);
		ConnectionCount count = this.hosts.connections();
		logger.info("Successor (pid " + this.successor.pid() + ") serves as generation " + this.successor.generation()
				+ ". Draining " + count.total() + " connections (" + count.active() + " active)");
		this.mover = new ConnectionMover(control, serving.capacity(), this.settings.handoverTimeout(),
				this.successor.events().clock());
		Drain next = new Drain(inherited, abandoned, this.mover, this.settings, this.probationEnd);
		// Known before it begins: what is begun in part has to be taken back as well
		this.drain = next;
		next.begin();
		this.attempt.completeOutcome(report(RestartOutcome.COMPLETED, null, null));
	}

	private void finish(ControlConnection control) throws RestartFailedException, IOException {
		watch(control);
		if (this.successor.events().isStopRequested()) {
			throw RestartFailedException.stopped();
		}
		RestartReport report = report(RestartOutcome.COMPLETED, null, null);
		Map<String, String> entries = ReportEntries.of(report);
		entries.put(ReportEntries.LAST_ACCEPTED_AT, String.valueOf(lastAcceptedAt()));
		entries.put(ReportEntries.ENDS_WITHIN, String.valueOf(this.settings.shutdownTimeout().toMillis()));
		// As long as this fails, this process can take back
		control.send(new Report(entries));
		this.reported = true;
		for (ListenerHost host : this.hosts.open()) {
			closeListener(host, drain().isInherited(host));
		}
		enter(RestartPhase.LEAVING);
		DrainSummary summary = report.drained();
		logger.info("Drain completed in " + millis(RestartPhase.DRAINING) + " ms (connections: " + summary.moved()
				+ " moved, " + summary.told() + " told, " + summary.finished() + " finished, " + summary.closedIdle()
				+ " closed idle, " + summary.cut() + " cut). Exiting; the service continues as pid "
				+ this.successor.pid());
	}

	private static void closeListener(ListenerHost host, boolean inherited) {
		try {
			host.closeListener(inherited);
		}
		catch (IOException | RuntimeException | Error ex) {
			LastResort.log("A listener could not be closed; it is closed when this process exits", ex);
		}
	}

	/**
	 * Finish what has been accepted, and have an eye on the successor until it is certain
	 * that it can be left alone: probation is over, and it still answers.
	 */
	private void watch(ControlConnection control) throws RestartFailedException, IOException {
		Heartbeat heartbeat = new Heartbeat(control, this.settings.hangTimeout(), this.successor.events().clock());
		boolean drained = false;
		OptionalLong doneAt = OptionalLong.empty();
		while (doneAt.isEmpty() || !heartbeat.isConfirmed(doneAt.getAsLong())) {
			drained = drained || drain().step();
			long left = this.probationEnd - System.nanoTime();
			if (drained && left > 0 && this.state.phase() == RestartPhase.DRAINING) {
				enter(RestartPhase.PROBATION);
				logger.info("Drain completed. Successor (pid " + this.successor.pid() + ") is on probation for another "
						+ Duration.ofNanos(left).toMillis() + " ms");
			}
			if (drained && left <= 0 && doneAt.isEmpty()) {
				doneAt = OptionalLong.of(this.successor.events().clock().now());
			}
			if (heartbeat.step()) {
				serveOn();
				throw this.successor.reasons().silent(this.settings.hangTimeout());
			}
			SuccessorEvent event = this.successor.events().poll(drained ? LOOK : Drain.INTERVAL);
			if (event instanceof Received received && received.message() instanceof Pong) {
				heartbeat.answered();
			}
			else if (event instanceof Received received && received.message() instanceof Adopted adopted) {
				mover().acknowledged(adopted);
			}
			else if (event != null) {
				endIfFatal(event);
			}
		}
	}

	private Drain drain() {
		if (this.drain == null) {
			throw new IllegalStateException("no drain has begun");
		}
		return this.drain;
	}

	private ConnectionMover mover() {
		if (this.mover == null) {
			throw new IllegalStateException("no drain has begun");
		}
		return this.mover;
	}

	private void endIfFatal(SuccessorEvent event) throws RestartFailedException {
		if (this.drain != null && !(event instanceof StopRequested)) {
			// Why it happened can be found out later
			serveOn();
		}
		if (this.drain != null && event instanceof Received received
				&& received.message() instanceof Stopping stopping) {
			throw this.successor.reasons()
				.stopping(stopping.wanted(), this.settings.drainTimeout().plus(this.settings.terminationTimeout()));
		}
		RestartFailedException failure = this.successor.reasons().of(event);
		if (failure != null) {
			throw failure;
		}
	}

	// -- ends

	private void refuse(RestartRefusedException refusal) {
		LastResort.attempt("Saying why a restart is refused",
				() -> logger.warn("Graceful restart requested by " + this.trigger + " refused: " + refusal.getMessage()
						+ ". Continuing to serve as generation " + this.state.generation()));
		this.attempt.refuse(refusal);
		end(RestartOutcome.REFUSED, String.valueOf(refusal.getMessage()), null, this.state::serve);
	}

	/**
	 * This process was told to stop. Its application context closes elsewhere, and waits
	 * for the end of this run.
	 */
	private void stopped(RestartFailedException failure) {
		LastResort.attempt("Saying that a restart is stopped", () -> logger
			.info("Shutdown requested during a graceful restart. Stopping "
					+ ((this.successor.pid() != null) ? "successor (pid " + this.successor.pid() + ")" : "successor")
					+ " first"));
		this.successor.dismiss(failure.reason());
		if (this.drain != null) {
			// No process accepts any longer: new clients are refused rather than left to
			// wait
			LastResort.attempt("Closing the listeners", () -> this.hosts.open().forEach((host) -> {
				ListenerHosts.listenerOf(host).claimFile();
				closeListener(host, false);
			}));
		}
		end(RestartOutcome.STOPPED, failure.reason(), null, this.state::leave);
	}

	/**
	 * Whoever shut down the application, which the successor served, wants no predecessor
	 * to come back.
	 */
	private void followSuccessor(RestartFailedException failure) {
		try {
			LastResort.attempt("Saying why this process ends",
					() -> logger.info("Shutting down too, because " + failure.reason()));
			this.successor.dismiss(failure.reason());
			end(RestartOutcome.STOPPED, failure.reason(), null, this.state::leave);
		}
		finally {
			leave(false);
		}
	}

	/**
	 * Serve on. Each step is made whatever happens to the others.
	 */
	private void fail(RestartFailedException failure) {
		boolean rollBack = this.drain != null;
		LastResort.attempt("Accepting again", this::serveOn);
		this.successor.dismiss(failure.reason());
		if (this.mover != null) {
			LastResort.attempt("Serving connections that were on their way", this.mover::cancel);
		}
		LastResort.attempt("Saying why a restart failed", () -> log(failure, rollBack));
		this.state.successorPid(null);
		end(rollBack ? RestartOutcome.ROLLED_BACK : RestartOutcome.FAILED, failure.reason(), failure.detail(),
				this.state::serve);
	}

	private void log(RestartFailedException failure, boolean rollBack) {
		long moved = (this.drain != null) ? this.drain.summary().moved() : 0;
		if (rollBack && moved > 0) {
			logger.warn("Up to " + moved + " connections that had moved to the successor were lost with it");
		}
		logger.error("Graceful restart " + (rollBack ? "rolled back" : "failed") + ": " + failure.reason()
				+ ". Continuing to serve as generation " + this.state.generation()
				+ ((failure.detail() != null && !failure.detail().isBlank()) ? (rollBack
						? ". Last output of the successor before it served:\n" : ". Last output of the successor:\n")
						+ failure.detail().strip().indent(4).stripTrailing() : ""),
				failure.getCause());
	}

	/**
	 * Move to the phase that follows, and tell the outcome.
	 */
	private void end(RestartOutcome outcome, String reason, @Nullable String detail, Runnable next) {
		LastResort.attempt("Ending a restart", next::run);
		RestartReport report = reportOrLess(outcome, reason, detail);
		LastResort.attempt("Publishing the end of a restart", () -> this.state.ended(report));
		this.attempt.completeOutcome(report);
	}

	private RestartReport reportOrLess(RestartOutcome outcome, String reason, @Nullable String detail) {
		try {
			return report(outcome, reason, detail);
		}
		catch (RuntimeException | Error ex) {
			LastResort.log("The report of a restart is not complete", ex);
			return new RestartReport(this.trigger, outcome, reason, detail, this.successor.generation(),
					ProcessHandle.current().pid(), this.successor.pid(), this.stopwatch.startedAt(), List.of(),
					DrainSummary.NONE, null);
		}
	}

	/**
	 * Accept again first: every millisecond counts, and all else can wait.
	 */
	private void serveOn() {
		List<Listener> listeners = this.hosts.open().stream().map(ListenerHosts::listenerOf).toList();
		listeners.forEach((listener) -> LastResort.attempt("Opening a gate", listener::takeBack));
		Drain begun = this.drain;
		if (begun != null) {
			LastResort.attempt("Giving up a drain", begun::cancel);
		}
		// The successor may have given them another length
		listeners.forEach((listener) -> LastResort.attempt("Setting the length of the queue of " + listener,
				listener::claimQueue));
	}

	// -- small things

	private void enter(RestartPhase phase) {
		this.stopwatch.next(phase);
		this.state.move(phase);
	}

	private RestartReport report(RestartOutcome outcome, @Nullable String reason, @Nullable String detail) {
		DrainSummary summary = (this.drain != null) ? this.drain.summary() : DrainSummary.NONE;
		return new RestartReport(this.trigger, outcome, reason, detail, this.successor.generation(),
				ProcessHandle.current().pid(), this.successor.pid(), this.stopwatch.startedAt(), this.stopwatch.laps(),
				summary, null, this.jars.launched());
	}

	private long lastAcceptedAt() {
		return this.hosts.open()
			.stream()
			.mapToLong((host) -> ListenerHosts.listenerOf(host).gate().lastAcceptedAt())
			.max()
			.orElse(0);
	}

	private long millis(RestartPhase... phases) {
		Set<String> labels = new HashSet<>();
		for (RestartPhase phase : phases) {
			labels.add(phase.label());
		}
		return this.stopwatch.laps()
			.stream()
			.filter((lap) -> labels.contains(lap.name()))
			.mapToLong((lap) -> lap.duration().toMillis())
			.sum();
	}

}
