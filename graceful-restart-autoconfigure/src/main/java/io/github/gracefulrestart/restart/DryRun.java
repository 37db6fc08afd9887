package io.github.gracefulrestart.restart;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.ControlServer;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.preflight.PreflightReport;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.process.SuccessorLauncher;
import io.github.gracefulrestart.process.SuccessorProcess;
import io.github.gracefulrestart.restart.SuccessorEvent.Connected;
import io.github.gracefulrestart.restart.SuccessorEvent.Received;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A restart that is only tried: the preflight, and by choice a successor until it is
 * ready. It gets no traffic and is ended, and this JVM accepts all the time.
 */
final class DryRun implements Run {

	private static final Log logger = LogFactory.getLog(Restarter.class);

	private final RestartState state;

	private final ListenerHosts hosts;

	private final SuccessorLauncher launcher;

	private final RestartSettings settings;

	private final Preflight preflight;

	private final String trigger;

	private final boolean boot;

	private final CompletableFuture<DryRunReport> result;

	private final SuccessorEvents events = new SuccessorEvents();

	private final Stopwatch stopwatch = new Stopwatch(RestartPhase.PREFLIGHT);

	private final int generation;

	private long launchedAt = System.nanoTime();

	private boolean stopped;

	private @Nullable SuccessorProcess successor;

	private @Nullable ControlConnection connection;

	/**
	 * Create a dry run.
	 * @param state the state of this JVM, in {@link RestartPhase#PREFLIGHT}
	 * @param hosts what accepts and serves
	 * @param launcher launches the successor
	 * @param settings the limits
	 * @param preflight what is looked at first
	 * @param trigger what asked for it
	 * @param boot whether a successor is launched
	 * @param result is given what was found
	 */
	DryRun(RestartState state, ListenerHosts hosts, SuccessorLauncher launcher, RestartSettings settings,
			Preflight preflight, String trigger, boolean boot, CompletableFuture<DryRunReport> result) {
		this.state = state;
		this.hosts = hosts;
		this.launcher = launcher;
		this.settings = settings;
		this.preflight = preflight;
		this.trigger = trigger;
		this.boot = boot;
		this.result = result;
		this.generation = state.generation() + 1;
	}

	@Override
	public void stop() {
		this.events.stopRequested();
	}

	@Override
	public String description() {
		return "a dry run";
	}

	@Override
	public void run() {
		try {
			PreflightReport found = this.preflight.run(this.generation);
			PreflightLog.write(found);
			end(new DryRunReport(this.trigger, this.state.generation(), found,
					(this.boot && found.passed()) ? boot() : null));
		}
		catch (RuntimeException | Error ex) {
			logger.error("Dry run failed: an unexpected error" + continuing(), ex);
			this.state.move(RestartPhase.SERVING);
			this.result.completeExceptionally(ex);
		}
	}

	private DryRunReport.Boot boot() {
		this.launchedAt = System.nanoTime();
		try {
			DryRunReport.Boot ready = bootToReady();
			dismiss("this was a dry run");
			return ready;
		}
		catch (RestartFailedException ex) {
			this.stopped = ex.kind() == RestartFailedException.Kind.STOPPED;
			DryRunReport.Boot failed = new DryRunReport.Boot(successorPid(), sinceLaunch(), ex.reason(), ex.detail());
			dismiss(ex.reason());
			return failed;
		}
		catch (RuntimeException | Error ex) {
			dismiss("an unexpected error");
			throw ex;
		}
	}

	private DryRunReport.Boot bootToReady() throws RestartFailedException {
		enter(RestartPhase.LAUNCHING);
		FailureReasons reasons = null;
		try (ControlServer server = ControlServer.open(this.settings.controlDirectory())) {
			SuccessorProcess process = this.launcher.launch(SuccessorFlag.forDryRun(ProcessHandle.current().pid(),
					server.socket(), server.token(), this.generation), server.directory());
			this.successor = process;
			this.state.successorPid(process.pid());
			logger.info("Dry run requested by " + this.trigger + ": launched successor (pid " + process.pid()
					+ "), which gets no traffic");
			reasons = new FailureReasons(this.events, process, this.state, this.settings.terminationTimeout());
			this.events.follow(process, server);
			ControlConnection control = await(reasons, Connected.class, "did not connect").connection();
			this.connection = control;
			server.stop();
			enter(RestartPhase.AWAITING_READY);
			Offer.send(control, this.generation, this.hosts.open());
			await(reasons, Ready.class, "was not ready");
			return new DryRunReport.Boot(process.pid(), sinceLaunch(), null, null);
		}
		catch (IOException ex) {
			if (reasons == null) {
				throw RestartFailedException.because(String.valueOf(ex.getMessage()), ex);
			}
			throw reasons.broken(ex);
		}
	}

	private <T> T await(FailureReasons reasons, Class<T> expected, String otherwise) throws RestartFailedException {
		while (true) {
			SuccessorEvent event = this.events.poll(this.settings.startupTimeout().minus(sinceLaunch()));
			if (event == null) {
				throw reasons.late(otherwise, this.settings.startupTimeout());
			}
			Object content = (event instanceof Received received) ? received.message() : event;
			if (expected.isInstance(content)) {
				return expected.cast(content);
			}
			RestartFailedException failure = reasons.of(event);
			if (failure != null) {
				throw failure;
			}
		}
	}

	private void end(DryRunReport report) {
		RestartReport asked = new RestartReport(this.trigger,
				this.stopped ? RestartOutcome.STOPPED : RestartOutcome.DRY_RUN, report.reason(),
				(report.boot() != null) ? report.boot().detail() : null, this.generation, ProcessHandle.current().pid(),
				successorPid(), this.stopwatch.startedAt(), this.stopwatch.laps(), DrainSummary.NONE, null);
		write(report);
		if (!this.stopped) {
			this.state.successorPid(null);
			this.state.move(RestartPhase.SERVING);
		}
		this.state.publish(new RestartEndedEvent(this.state, asked));
		this.result.complete(report);
	}

	private void write(DryRunReport report) {
		DryRunReport.Boot booted = report.boot();
		if (this.stopped) {
			logger.info("Told to stop during a dry run: ended the successor (pid " + successorPid() + ") first");
		}
		else if (!report.preflight().passed()) {
			logger.warn("Dry run requested by " + this.trigger + ": a restart would be refused: " + report.reason()
					+ continuing());
		}
		else if (booted == null) {
			logger.info("Dry run requested by " + this.trigger + ": a successor could be launched" + continuing());
		}
		else if (booted.ready()) {
			logger.info("Dry run: successor (pid " + booted.successorPid() + ") was ready after "
					+ booted.duration().toMillis() + " ms and has been ended" + continuing());
		}
		else {
			String detail = booted.detail();
			logger.warn("Dry run: a restart would fail: " + booted.reason() + continuing()
					+ ((detail != null && !detail.isBlank())
							? ". The successor said last:\n" + detail.strip().indent(4).stripTrailing() : ""));
		}
	}

	private String continuing() {
		return ". Continuing to serve as generation " + this.state.generation();
	}

	private void enter(RestartPhase phase) {
		this.stopwatch.next(phase);
		this.state.move(phase);
	}

	private Duration sinceLaunch() {
		return Duration.ofNanos(System.nanoTime() - this.launchedAt);
	}

	private long successorPid() {
		return (this.successor != null) ? this.successor.pid() : 0;
	}

	private void dismiss(String reason) {
		Dismissal.dismiss(this.connection, this.successor, reason, this.settings.terminationTimeout());
	}

}
