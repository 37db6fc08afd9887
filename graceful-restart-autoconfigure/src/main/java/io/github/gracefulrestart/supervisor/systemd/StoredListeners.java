package io.github.gracefulrestart.supervisor.systemd;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import io.github.gracefulrestart.SuccessorLaunch;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that systemd holds the listening sockets of the service, as far as that is
 * wanted.
 *
 * @param sockets what it holds
 * @param wanted whether sockets are put into the descriptor store
 */
record StoredListeners(SystemdSockets sockets, boolean wanted) {

	private static final Log logger = LogFactory.getLog(StoredListeners.class);

	/**
	 * Tell a successor what is held.
	 */
	void tell(SuccessorLaunch launch) {
		Map<String, @Nullable String> variables = new HashMap<>();
		this.sockets.tell(variables);
		variables.forEach(launch::environment);
	}

	/**
	 * This process serves alone.
	 */
	void settle(NotifySocket systemd) {
		try {
			this.sockets.settle(this.wanted, systemd);
		}
		catch (IOException | RuntimeException | LinkageError ex) {
			logger.warn("systemd does not hold the listening sockets: " + ex
					+ ". The service goes on; if all of its processes die, clients are refused until it is started again",
					ex);
		}
	}

}
