package io.github.gracefulrestart.state;

import io.github.gracefulrestart.Restarter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The log of restarts. All classes that take part in a restart write to it, so that it
 * reads as one sequence, and one log level controls it.
 */
public final class RestartLog {

	/**
	 * Named after a type that users know.
	 */
	public static final Log LOG = LogFactory.getLog(Restarter.class);

	private RestartLog() {
	}

}
