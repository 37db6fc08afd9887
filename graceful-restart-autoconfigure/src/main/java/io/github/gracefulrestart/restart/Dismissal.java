package io.github.gracefulrestart.restart;

import java.io.IOException;
import java.time.Duration;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.Message.Abort;
import io.github.gracefulrestart.process.SuccessorProcess;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Ends a successor that is not wanted.
 */
final class Dismissal {

	private static final Log logger = LogFactory.getLog(Restarter.class);

	private Dismissal() {
	}

	/**
	 * Tell the successor why, end it, and return when it has been reaped.
	 * @param control the connection to it, if there is one
	 * @param successor the process, if there is one
	 * @param reason why
	 * @param patience the time between asking and killing
	 */
	static void dismiss(@Nullable ControlConnection control, @Nullable SuccessorProcess successor, String reason,
			Duration patience) {
		if (control != null) {
			try {
				control.send(new Abort(reason));
			}
			catch (IOException ex) {
				logger.debug("The successor is gone already", ex);
			}
		}
		if (successor != null) {
			successor.terminate(patience);
		}
		if (control != null) {
			try {
				control.close();
			}
			catch (IOException ex) {
				logger.debug("The control connection could not be closed", ex);
			}
		}
	}

}
