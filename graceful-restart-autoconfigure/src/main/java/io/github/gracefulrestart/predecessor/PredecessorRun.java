package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.util.List;

import io.github.gracefulrestart.LaunchedFiles;
import io.github.gracefulrestart.PreflightReport;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.handover.Message.Left;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.process.StopOrders;
import io.github.gracefulrestart.process.SuccessorProcess;
import io.github.gracefulrestart.state.Departure;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.RestartState;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * One restart in the JVM that was asked for it: from the preflight to the moment when
 * this JVM may exit, or continues to serve. Runs on one thread; everything that happens
 * elsewhere reaches it as an event.
 */
public final class PredecessorRun implements Run {

	private static final Log logger = RestartLog.LOG;

	private final RunParts parts;

	private final RestartState state;

	private final ApplicationJars jars;

	private final String trigger;

	private final PendingAttempt attempt;

	private final Departure departure;

	private final Phases phases;

	private final LaunchedSuccessor successor;

	private final Handover handover;

	private final StopOrders stopOrders = new StopOrders(this::sayPassedOn);

	private Stage stage;

	/**
	 * Create a run.
	 * @param parts its parts; the state is {@link RestartPhase#PREFLIGHT}
	 * @param trigger the trigger of the restart
	 * @param attempt receives the progress
	 * @param departure ends this process when the successor serves and the drain is
	 * complete
	 */
	public PredecessorRun(RunParts parts, String trigger, PendingAttempt attempt, Departure departure) {
		this.parts = parts;
		this.state = parts.state();
		this.jars = parts.jars();
		this.trigger = trigger;
		this.attempt = attempt;
		this.departure = departure;
		this.phases = new Phases(this.state);
		this.successor = new LaunchedSuccessor(parts, this.phases);
		this.handover = new Handover(parts, this.successor, this.phases);
		this.stage = this.handover;
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
		catch (RestartEndedException ex) {
			conclude(ex.ending());
		}
		catch (Throwable ex) {
			abandon(ex);
		}
	}

	@Override
	public void abandon(Throwable failure) {
		if (this.stage.isOver()) {
			LastResort.log("Unexpected error after the handover. Exiting nevertheless", failure);
			leave(true);
		}
		else {
			fail(new Ending.Failed("an unexpected error: " + failure, null, failure));
		}
	}

	private void leave(boolean drained) {
		this.state.leave();
		Long successorPid = this.successor.pid();
		if (this.stage.isOver() && successorPid != null) {
			LastResort.attempt("Passing on orders to stop", () -> this.stopOrders.leaveTo(successorPid));
		}
		this.departure.leave(this.stage.isOver() ? this.successor.pid() : null, drained, this::sayLeft);
	}

	private void sayPassedOn() {
		this.state.stopPassedOn();
		LastResort.attempt("Saying that an order to stop is passed on",
				() -> logger.info("Told to stop while exiting. Passing that on to the successor (pid "
						+ this.successor.pid() + "), which is the service"));
	}

	/**
	 * Only when the successor knows that this process exits.
	 */
	private void sayLeft() {
		if (this.stage.isOver()) {
			try {
				this.successor.connection().send(new Left());
			}
			catch (IOException ex) {
				logger.debug("The successor is gone", ex);
			}
		}
	}

	private void preflight() {
		PreflightReport report = this.parts.preflight().run(this.successor.generation());
		PreflightLog.write(report);
		if (!report.passed()) {
			throw report.unavailable() ? RestartRefusedException.unavailable(report.reason())
					: RestartRefusedException.impossible(report.reason());
		}
	}

	private void restart() throws RestartEndedException {
		List<ListenerHost> offered = this.successor.start(false, this::launched, this.parts.hosts());
		try {
			LastResort.attempt("Listening for orders to stop", this.stopOrders::begin);
			Tenure tenure = this.handover.handOver(offered);
			this.stage = tenure;
			tenure.begin();
			this.attempt.completeOutcome(report(RestartOutcome.COMPLETED, null, null));
			tenure.watch();
			tenure.leave(report(RestartOutcome.COMPLETED, null, null));
		}
		catch (IOException ex) {
			// Its gates may be closed already
			this.stage.serveOn();
			throw new RestartEndedException(this.successor.endings().broken(ex));
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

	// -- ends

	private void conclude(Ending ending) {
		if (ending instanceof Ending.Failed failed) {
			fail(failed);
		}
		else if (ending instanceof Ending.ShutDown) {
			followSuccessor(ending);
		}
		else {
			stopped(ending);
		}
	}

	private void refuse(RestartRefusedException refusal) {
		LastResort.attempt("Saying why a restart is refused",
				() -> logger.warn("Graceful restart requested by " + this.trigger + " refused: " + refusal.getMessage()
						+ ". Continuing to serve as generation " + this.state.generation()));
		this.attempt.refuse(refusal);
		end(RestartOutcome.REFUSED, String.valueOf(refusal.getMessage()), null, this.state::serve);
	}

	/**
	 * This process was told to stop. Another thread closes the application context, and
	 * waits for the end of this run.
	 */
	private void stopped(Ending ending) {
		LastResort.attempt("Saying that a restart is stopped", () -> logger
			.info("Shutdown requested during a graceful restart. Stopping "
					+ ((this.successor.pid() != null) ? "successor (pid " + this.successor.pid() + ")" : "successor")
					+ " first"));
		tellStopping();
		this.successor.dismiss(ending.reason());
		this.stage.stop();
		end(RestartOutcome.STOPPED, ending.reason(), null, this.state::leave);
	}

	private void tellStopping() {
		LastResort.attempt("Telling participants that the service stops", this.state.participants()::stopping);
	}

	/**
	 * The application was shut down by way of the successor, so the predecessor must not
	 * serve again.
	 */
	private void followSuccessor(Ending ending) {
		try {
			LastResort.attempt("Saying why this process ends",
					() -> logger.info("Shutting down too, because " + ending.reason()));
			tellStopping();
			this.successor.dismiss(ending.reason());
			end(RestartOutcome.STOPPED, ending.reason(), null, this.state::leave);
		}
		finally {
			leave(false);
		}
	}

	/**
	 * Continue to serve. Each step runs, even if another one fails.
	 */
	private void fail(Ending.Failed failure) {
		LastResort.attempt("Accepting again", this.stage::serveOn);
		this.successor.dismiss(failure.reason());
		this.stage.successorEnded();
		LastResort.attempt("Saying why a restart failed", () -> log(failure));
		this.state.successorPid(null);
		end(this.stage.failure(), failure.reason(), failure.detail(), this.state::serve);
	}

	private void log(Ending.Failed failure) {
		boolean rollBack = this.stage.failure() == RestartOutcome.ROLLED_BACK;
		long moved = this.stage.drained().moved();
		if (moved > 0) {
			logger.warn("Up to " + moved + " connections that had moved to the successor were lost with it");
		}
		String detail = failure.detail();
		logger
			.error("Graceful restart " + (rollBack ? "rolled back" : "failed") + ": " + failure.reason()
					+ ". Continuing to serve as generation " + this.state.generation()
					+ ((detail != null && !detail.isBlank())
							? (rollBack ? ". Last output of the successor before it served:\n"
									: ". Last output of the successor:\n") + detail.strip().indent(4).stripTrailing()
							: ""),
					failure.cause());
	}

	/**
	 * Move to the phase that follows, and tell the outcome.
	 */
	private void end(RestartOutcome outcome, String reason, @Nullable String detail, Runnable next) {
		LastResort.attempt("Listening for orders to stop no longer", this.stopOrders::end);
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
			return begun(outcome, reason, detail).build();
		}
	}

	private RestartReport report(RestartOutcome outcome, @Nullable String reason, @Nullable String detail) {
		return begun(outcome, reason, detail).phases(this.phases.laps())
			.drained(this.stage.drained())
			.launched(this.jars.launched())
			.build();
	}

	private RestartReport.Builder begun(RestartOutcome outcome, @Nullable String reason, @Nullable String detail) {
		return RestartReport.of(this.trigger, outcome)
			.because(reason, detail)
			.generation(this.successor.generation())
			.successorPid(this.successor.pid())
			.startedAt(this.phases.startedAt());
	}

}
