package io.github.gracefulrestart.testsupport;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets Awaitility wait longer than its own ten seconds, which are not enough on a busy
 * machine. JUnit finds this extension by itself, for all tests of a module that permits
 * that.
 */
public final class PatientAwaitility implements BeforeAllCallback {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	@Override
	public void beforeAll(ExtensionContext context) {
		Awaitility.setDefaultTimeout(PATIENCE);
	}

}
