package io.github.gracefulrestart.boot;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.state.RestartLog;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Logs once that an application which has started is not ready for restarts, and why.
 */
final class ReadinessWatch {

	private static final Log logger = RestartLog.LOG;

	private final Readiness readiness;

	private final Duration patience;

	private final boolean required;

	private final CountDownLatch over = new CountDownLatch(1);

	ReadinessWatch(Readiness readiness, Duration patience, boolean required) {
		this.readiness = readiness;
		this.patience = patience;
		this.required = required;
	}

	void start() {
		if (this.over.getCount() > 0) {
			Thread thread = new Thread(this::watch, "graceful-restart-readiness");
			thread.setDaemon(true);
			// Not the class loader of the application, which the thread would keep from
			// being collected
			thread.setContextClassLoader(ReadinessWatch.class.getClassLoader());
			try {
				thread.start();
			}
			catch (OutOfMemoryError ex) {
				// The application may start nevertheless
				logger.debug(
						"No thread could be started that logs if this application does not become ready for restarts",
						ex);
			}
		}
	}

	void stop() {
		this.over.countDown();
	}

	private void watch() {
		try {
			if (!this.over.await(this.patience.toMillis(), TimeUnit.MILLISECONDS)) {
				say(this.readiness.missing());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void say(@Nullable String missing) {
		if (missing == null) {
			return;
		}
		String message = "This application is not ready for restarts after " + Readiness.describe(this.patience) + ": "
				+ missing + ". Until it accepts traffic, every restart is refused. Let its runners return, or publish "
				+ "ReadinessState.ACCEPTING_TRAFFIC before one of them stays";
		if (this.required) {
			logger.error(message + " (graceful.restart.required=true)");
		}
		else {
			logger.warn(message);
		}
	}

}
