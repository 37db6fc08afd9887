package io.github.gracefulrestart.it.failure;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * A test with a service of its own, which is stopped after it and whose log is shown when
 * it fails.
 */
abstract class WithFailingService {

	/**
	 * The service, if it has been started.
	 */
	FailingService service;

	@RegisterExtension
	final TestExecutionExceptionHandler showLog = this::showLog;

	private void showLog(ExtensionContext context, Throwable failure) throws Throwable {
		if (this.service == null) {
			throw failure;
		}
		this.service.handleTestExecutionException(context, failure);
	}

	@AfterEach
	void stop() throws Exception {
		if (this.service != null) {
			this.service.close();
		}
	}

}
