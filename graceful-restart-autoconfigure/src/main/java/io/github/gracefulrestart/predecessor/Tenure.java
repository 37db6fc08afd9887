package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Pong;
import io.github.gracefulrestart.handover.Message.Report;
import io.github.gracefulrestart.handover.Message.Stopping;
import io.github.gracefulrestart.handover.ReportEntries;
import io.github.gracefulrestart.host.Drain;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Received;
import io.github.gracefulrestart.predecessor.SuccessorEvent.StopRequested;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.Ticker;
import org.apache.commons.logging.Log;

/**
 * The second stage of a restart: the successor serves. This process completes its drain,
 * and stays until probation is over, ready to serve again.
 */
final class Tenure implements Stage {

	private static final Log logger = RestartLog.LOG;

	/**
	 * How often to check a successor when nothing else has to be done.
	 */
	private static final Duration LOOK = Duration.ofMillis(50);

	private final RunParts parts;

	private final RestartSettings settings;

	private final LaunchedSuccessor successor;

	private final Phases phases;

	private final Gates gates;

	private final Drain drain;

	private final ConnectionMover mover;

	private final long probationEnd;

	private boolean reported;

	/**
	 * Create the stage, which does nothing before {@link #begin()}.
	 * @param parts the parts of the restart
	 * @param successor the successor, which serves
	 * @param phases the phases of this JVM
	 * @param drain the drain of the connections that this process has accepted
	 * @param mover moves connections to the successor
	 * @param probationEnd the time until which this process stays in any case, on the
	 * clock of the successor's events
	 */
	Tenure(RunParts parts, LaunchedSuccessor successor, Phases phases, Drain drain, ConnectionMover mover,
			long probationEnd) {
		this.parts = parts;
		this.settings = parts.settings();
		this.successor = successor;
		this.phases = phases;
		this.gates = new Gates(parts.hosts());
		this.drain = drain;
		this.mover = mover;
		this.probationEnd = probationEnd;
	}

	/**
	 * Begin to drain. To be called when this is the stage of the restart, so that a drain
	 * that has started only partly is cancelled, too.
	 */
	void begin() {
		this.drain.begin();
	}

	/**
	 * Complete the drain, and watch the successor until it can be left alone: until
	 * probation is over, and it still responds.
	 * @throws RestartEndedException if it cannot be left alone
	 * @throws IOException if it is gone
	 */
	void watch() throws RestartEndedException, IOException {
		Ticker clock = this.successor.events().clock();
		Heartbeat heartbeat = new Heartbeat(this.successor.connection(), this.settings.hangTimeout(), clock);
		boolean drained = false;
		OptionalLong doneAt = OptionalLong.empty();
		while (doneAt.isEmpty() || !heartbeat.isConfirmed(doneAt.getAsLong())) {
			drained = drained || this.drain.step();
			Duration left = clock.until(this.probationEnd);
			if (drained && !left.isZero()) {
				enterProbation(left);
			}
			else if (drained && doneAt.isEmpty()) {
				doneAt = OptionalLong.of(clock.now());
			}
			if (heartbeat.step()) {
				serveOn();
				throw new RestartEndedException(this.successor.endings().silent(this.settings.hangTimeout()));
			}
			SuccessorEvent event = this.successor.events().poll(drained ? LOOK : Drain.INTERVAL);
			if (event instanceof Received received && received.message() instanceof Pong) {
				heartbeat.answered();
			}
			else if (event instanceof Received received && received.message() instanceof Adopted adopted) {
				this.mover.acknowledged(adopted);
			}
			else if (event != null) {
				endIfFatal(event);
			}
		}
		if (this.successor.events().isStopRequested()) {
			throw new RestartEndedException(new Ending.Stopped());
		}
	}

	private void enterProbation(Duration left) {
		if (this.parts.state().phase() == RestartPhase.DRAINING) {
			this.phases.enter(RestartPhase.PROBATION);
			logger.info("Drain completed. Successor (pid " + this.successor.pid() + ") is on probation for another "
					+ left.toMillis() + " ms");
		}
	}

	private void endIfFatal(SuccessorEvent event) throws RestartEndedException {
		if (!(event instanceof StopRequested)) {
			// The reason can be found out later
			serveOn();
		}
		Endings endings = this.successor.endings();
		Ending ending = (event instanceof Received received && received.message() instanceof Stopping stopping)
				? endings.stopping(stopping.wanted(),
						this.settings.drainTimeout().plus(this.settings.terminationTimeout()))
				: endings.of(event);
		if (ending != null) {
			throw new RestartEndedException(ending);
		}
	}

	/**
	 * Leave the service to the successor.
	 * @param report the report of the restart
	 * @throws IOException if the successor is gone, so that this process has to serve
	 * again
	 */
	void leave(RestartReport report) throws IOException {
		Map<String, String> entries = ReportEntries.of(report);
		entries.put(ReportEntries.LAST_ACCEPTED_AT, String.valueOf(this.gates.lastAcceptedAt()));
		entries.put(ReportEntries.ENDS_WITHIN, String.valueOf(this.settings.shutdownTimeout().toMillis()));
		// If this fails, this process can still roll back
		this.successor.connection().send(new Report(entries));
		this.reported = true;
		this.gates.close(this.drain::isInherited);
		this.phases.enter(RestartPhase.LEAVING);
		DrainSummary summary = report.drained();
		logger.info("Drain completed in " + this.phases.millis(RestartPhase.DRAINING) + " ms (connections: "
				+ summary.moved() + " moved, " + summary.told() + " told, " + summary.finished() + " finished, "
				+ summary.closedIdle() + " closed idle, " + summary.cut()
				+ " cut). Exiting; the service continues as pid " + this.successor.pid());
	}

	@Override
	public RestartOutcome failure() {
		return RestartOutcome.ROLLED_BACK;
	}

	@Override
	public DrainSummary drained() {
		return this.drain.summary();
	}

	@Override
	public void serveOn() {
		this.gates.open();
		LastResort.attempt("Giving up a drain", this.drain::cancel);
		this.gates.claimQueues();
	}

	@Override
	public void successorEnded() {
		LastResort.attempt("Serving connections that were on their way", this.mover::cancel);
	}

	/**
	 * No process accepts from the queues any more, in which new clients wait.
	 */
	@Override
	public void stop() {
		this.gates.closeForAll();
	}

	@Override
	public boolean isOver() {
		return this.reported;
	}

}
