package io.github.gracefulrestart.boot;

import io.github.gracefulrestart.state.JvmShutdown;
import io.github.gracefulrestart.successor.PredecessorLink;

import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;
import org.springframework.context.ApplicationListener;

/**
 * Tells the predecessor why this successor cannot start: the exception first, then the
 * result of Spring Boot's failure analysis.
 */
class StartFailureReporter implements ApplicationListener<ApplicationFailedEvent>, FailureAnalysisReporter {

	@Override
	public void onApplicationEvent(ApplicationFailedEvent event) {
		StringBuilder chain = new StringBuilder();
		Throwable root = event.getException();
		for (Throwable cause = root; cause != null; cause = cause.getCause()) {
			chain.append(chain.isEmpty() ? "" : "\nCaused by: ").append(cause);
			root = cause;
		}
		report(String.valueOf(root), chain.toString());
	}

	@Override
	public void report(FailureAnalysis analysis) {
		String action = analysis.getAction();
		report(withoutValue(analysis), analysis.getDescription() + ((action != null) ? "\n\nAction: " + action : ""));
	}

	/**
	 * The reason is shown to every user who may read the endpoint, the detail is not.
	 */
	static String withoutValue(FailureAnalysis analysis) {
		String description = analysis.getDescription().strip();
		return (analysis.getCause() instanceof InvalidConfigurationPropertyValueException invalid)
				? description.replace("'" + invalid.getValue() + "'", "'******'") : description;
	}

	private void report(String reason, String detail) {
		PredecessorLink link = ThisJvm.link();
		// If a start fails because the process is exiting, the exception does not
		// contain the cause. The exit code says more
		if (link != null && !JvmShutdown.isUnderWay()) {
			link.failed(headline(reason), detail);
		}
	}

	/**
	 * Take the first line only. It often introduces a list, which goes into the detail.
	 */
	private static String headline(String reason) {
		String line = reason.lines().findFirst().orElse(reason).strip();
		return (line.endsWith(":") || line.endsWith(".")) ? line.substring(0, line.length() - 1) : line;
	}

}
