package io.github.gracefulrestart.predecessor;

import io.github.gracefulrestart.PreflightReport;
import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.state.RestartLog;
import org.apache.commons.logging.Log;

/**
 * Logs the results of a preflight that do not refuse the restart.
 */
final class PreflightLog {

	private static final Log logger = RestartLog.LOG;

	private PreflightLog() {
	}

	static void write(PreflightReport report) {
		for (PreflightResult result : report.results()) {
			switch (result.verdict()) {
				case WARNING -> logger.warn("Preflight: " + result.message());
				case ADJUSTED -> logger.info("Preflight: " + result.message());
				default -> logger.debug("Preflight: " + result.message());
			}
		}
	}

}
