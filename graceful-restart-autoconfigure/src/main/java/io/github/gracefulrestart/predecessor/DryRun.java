package io.github.gracefulrestart.predecessor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.PreflightReport;
import io.github.gracefulrestart.RestartEndedEvent;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.process.SuccessorProcess;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.RestartState;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * A dry run: the preflight, and optionally the start of a successor until it is ready.
 * The successor gets no traffic and is terminated, and this JVM accepts all the time.
 */
public final class DryRun implements Run {

	private static final Log logger = RestartLog.LOG;

	private final RestartState state;

	private final ListenerHosts hosts;

	private final Preflight preflight;

	private final String trigger;

	private final boolean boot;

	private final CompletableFuture<DryRunReport> result;

	private final Phases phases;

	private final LaunchedSuccessor successor;

	private long launchedAt = System.nanoTime();

	private boolean stopped;

	/**
	 * Create a dry run.
	 * @param parts what it works with; the state is {@link RestartPhase#PREFLIGHT}
	 * @param trigger the trigger
	 * @param boot whether a successor is launched
	 * @param result receives the result
	 */
	public DryRun(RunParts parts, String trigger, boolean boot, CompletableFuture<DryRunReport> result) {
		this.state = parts.state();
		this.hosts = parts.hosts();
		this.preflight = parts.preflight();
		this.trigger = trigger;
		this.boot = boot;
		this.result = result;
		this.phases = new Phases(this.state);
		this.successor = new LaunchedSuccessor(parts, this.phases);
	}

	@Override
	public void stop() {
		this.successor.events().stopRequested();
	}

	@Override
	public String description() {
		return "a dry run";
	}

	@Override
	public void run() {
		try {
			PreflightReport found = this.preflight.run(this.successor.generation());
			PreflightLog.write(found);
			end(new DryRunReport(this.trigger, this.state.generation(), found,
					(this.boot && found.passed()) ? boot() : null));
		}
		catch (Throwable ex) {
			abandon(ex);
		}
	}

	@Override
	public void abandon(Throwable failure) {
		this.successor.dismiss("an unexpected error");
		LastResort.log("Dry run failed: an unexpected error" + continuing(), failure);
		this.state.successorPid(null);
		LastResort.attempt("Ending a dry run", this.stopped ? this.state::leave : this.state::serve);
		LastResort.attempt("Publishing the end of a dry run", () -> publish("an unexpected error: " + failure, null));
		this.result.completeExceptionally(failure);
	}

	private DryRunReport.Boot boot() {
		this.launchedAt = System.nanoTime();
		try {
			this.successor.start(true, this::launched, this.hosts);
			DryRunReport.Boot ready = new DryRunReport.Boot(this.successor.pid(), sinceLaunch(), null, null);
			this.successor.dismiss("this was a dry run");
			return ready;
		}
		catch (RestartRefusedException ex) {
			return new DryRunReport.Boot(null, sinceLaunch(), String.valueOf(ex.getMessage()), null);
		}
		catch (RestartEndedException ex) {
			Ending ending = ex.ending();
			this.stopped = ending instanceof Ending.Stopped;
			if (this.stopped) {
				LastResort.attempt("Telling participants that the service stops", this.state.participants()::stopping);
			}
			DryRunReport.Boot failed = new DryRunReport.Boot(this.successor.pid(), sinceLaunch(), ending.reason(),
					ending.detail());
			this.successor.dismiss(ending.reason());
			return failed;
		}
	}

	private void launched(SuccessorProcess process) {
		logger.info("Dry run requested by " + this.trigger + ": launched successor (pid " + process.pid()
				+ "), which gets no traffic");
	}

	private void end(DryRunReport report) {
		write(report);
		this.state.successorPid(null);
		if (this.stopped) {
			this.state.leave();
		}
		else {
			this.state.serve();
		}
		publish(report.reason(), (report.boot() != null) ? report.boot().detail() : null);
		this.result.complete(report);
	}

	private void publish(@Nullable String reason, @Nullable String detail) {
		RestartOutcome outcome = this.stopped ? RestartOutcome.STOPPED : RestartOutcome.DRY_RUN;
		RestartReport report = RestartReport.of(this.trigger, outcome)
			.because(reason, detail)
			.generation(this.successor.generation())
			.successorPid(this.successor.pid())
			.startedAt(this.phases.startedAt())
			.phases(this.phases.laps())
			.build();
		this.state.publish(new RestartEndedEvent(this.state, report));
	}

	private void write(DryRunReport report) {
		DryRunReport.Boot booted = report.boot();
		if (this.stopped) {
			logger.info(
					"Shutdown requested during a dry run. Stopped successor (pid " + this.successor.pid() + ") first");
		}
		else if (!report.preflight().passed()) {
			logger.warn("Dry run requested by " + this.trigger + ": a restart would be refused: " + report.reason()
					+ continuing());
		}
		else if (booted == null) {
			logger.info("Dry run requested by " + this.trigger + ": a successor could be launched" + continuing());
		}
		else if (booted.ready()) {
			logger.info("Dry run: successor (pid " + booted.successorPid() + ") became ready in "
					+ booted.duration().toMillis() + " ms and has been terminated" + continuing());
		}
		else {
			String detail = booted.detail();
			logger.warn("Dry run: a restart would fail: " + booted.reason() + continuing()
					+ ((detail != null && !detail.isBlank())
							? ". Last output of the successor:\n" + detail.strip().indent(4).stripTrailing() : ""));
		}
	}

	private String continuing() {
		return ". Continuing to serve as generation " + this.state.generation();
	}

	private Duration sinceLaunch() {
		return Duration.ofNanos(System.nanoTime() - this.launchedAt);
	}

}
