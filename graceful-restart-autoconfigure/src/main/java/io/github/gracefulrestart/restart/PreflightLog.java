package io.github.gracefulrestart.restart;

import io.github.gracefulrestart.preflight.PreflightReport;
import io.github.gracefulrestart.preflight.PreflightResult;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Says what a preflight has found that does not refuse.
 */
final class PreflightLog {

	private static final Log logger = LogFactory.getLog(Restarter.class);

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
