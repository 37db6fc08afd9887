package io.github.gracefulrestart.engine;

import java.time.Duration;

import io.github.gracefulrestart.posix.ProcessStatus;
import io.github.gracefulrestart.state.Departure;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.RestartState;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;

/**
 * Closes the application context and exits. A context that does not close, or throws, may
 * delay the exit but not prevent it: another process serves by now, and waits for the
 * exit.
 */
final class ContextDeparture implements Departure {

	private static final Log logger = RestartLog.LOG;

	/**
	 * The phase in which Spring Boot's web servers wait for their requests.
	 */
	private static final int GRACEFUL_SHUTDOWN_PHASE = SmartLifecycle.DEFAULT_PHASE - 1024;

	/** The exit code of a JVM that was told to stop. */
	private static final int TOLD_TO_STOP = 128 + 15;

	/** The exit code of a process that leaves no other one behind. */
	private static final int NOBODY_SERVES = 1;

	private static final long NO_TIME = Duration.ofMillis(1).toMillis();

	private final ConfigurableApplicationContext context;

	private final RestartState state;

	private final Duration limit;

	ContextDeparture(ConfigurableApplicationContext context, RestartState state, Duration limit) {
		this.context = context;
		this.state = state;
		this.limit = limit;
	}

	@Override
	public void leave(@Nullable Long successorPid, boolean drained, Runnable left) {
		LastResort.attempt("Watching the end of this process",
				() -> ShutdownWatch.start(this.context, this.limit, () -> exitCode(successorPid)));
		if (successorPid != null) {
			LastResort.attempt("Telling participants that this process leaves",
					() -> this.state.participants().leaving(successorPid));
		}
		if (drained) {
			LastResort.attempt("Sparing the web server's own wait for requests", this::skipGracefulShutdown);
		}
		try {
			this.context.close();
		}
		catch (Throwable ex) {
			LastResort.log("The application context failed to close. Exiting nevertheless", ex);
		}
		finally {
			LastResort.attempt("Telling that this process has left", left::run);
			System.exit(exitCode(successorPid));
		}
	}

	/**
	 * A supervisor starts the service again if its last process fails, and not if that
	 * has done what it was meant to do.
	 */
	private int exitCode(@Nullable Long successorPid) {
		if (successorPid == null || this.state.isStopPassedOn() || ProcessStatus.isRunning(successorPid)) {
			return 0;
		}
		LastResort.attempt("Logging the end of the successor",
				() -> logger.error("The successor (pid " + successorPid
						+ ") ended while this process was exiting, so no process serves any longer. Exiting with code "
						+ NOBODY_SERVES + ", so that a supervisor starts the service again"));
		return NOBODY_SERVES;
	}

	@Override
	public void expect(Duration limit) {
		LastResort.attempt("Watching the end of this process",
				() -> ShutdownWatch.start(this.context, limit, () -> TOLD_TO_STOP));
	}

	/**
	 * Requests that still run have been aborted and have no client any more. Without
	 * this, the web server would wait for them again.
	 */
	private void skipGracefulShutdown() {
		if (this.context.containsBean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME) && this.context.getBean(
				AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME) instanceof DefaultLifecycleProcessor lifecycle) {
			lifecycle.setTimeoutForShutdownPhase(GRACEFUL_SHUTDOWN_PHASE, NO_TIME);
			logger.debug("The web server does not wait for requests again");
		}
	}

}
