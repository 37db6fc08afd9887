package io.github.gracefulrestart.state;

import io.github.gracefulrestart.Restarter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The log of restarts. All who take part in one write to it, so that it reads as one
 * story, and so that one level governs it.
 */
public final class RestartLog {

	/**
	 * Named after what users know.
	 */
	public static final Log LOG = LogFactory.getLog(Restarter.class);

	private RestartLog() {
	}

}
