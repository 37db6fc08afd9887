package io.github.gracefulrestart.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a {@link RestartUnavailableException}.
 */
class RestartUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<RestartUnavailableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RestartUnavailableException cause) {
		return new FailureAnalysis(
				"Graceful restarts are required but unavailable because native calls do not work: " + cause.getMessage()
						+ ".",
				"Run on Linux with /proc mounted and a writable directory for temporary files that allows execution "
						+ "(see java.io.tmpdir), or set graceful.restart.required=false to start without graceful "
						+ "restarts.",
				cause);
	}

}
