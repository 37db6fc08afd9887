package io.github.gracefulrestart.supervisor.systemd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.gracefulrestart.posix.Datagrams;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The socket on which systemd receives notifications of a service. Without one, nothing
 * is sent. Never fails: the service continues whether or not systemd receives them.
 */
final class NotifySocket {

	private static final Log logger = LogFactory.getLog(NotifySocket.class);

	private final @Nullable String address;

	private final AtomicBoolean failed = new AtomicBoolean();

	NotifySocket(@Nullable String address) {
		this.address = address;
	}

	boolean isPresent() {
		return this.address != null;
	}

	/**
	 * Send assignments in one datagram, so that they take effect together.
	 * @param assignments such as {@code READY=1}
	 */
	void send(String... assignments) {
		send(List.of(), assignments);
	}

	/**
	 * Send assignments in one datagram, and descriptors with it.
	 * @param descriptors numbers of descriptors
	 * @param assignments such as {@code FDSTORE=1}
	 * @return whether it was sent
	 */
	boolean send(List<Integer> descriptors, String... assignments) {
		String to = this.address;
		if (to == null) {
			return false;
		}
		String content = String.join("\n", assignments);
		try {
			Datagrams.send(to, content.getBytes(StandardCharsets.UTF_8), descriptors);
			logger.debug("Told systemd: " + content);
			return true;
		}
		catch (IOException | LinkageError ex) {
			if (this.failed.compareAndSet(false, true)) {
				logger.warn("systemd cannot be told about this service: " + ex.getMessage()
						+ ". The service goes on; systemctl does not show its state, and with Type=notify systemd takes "
						+ "it for not started", ex);
			}
			return false;
		}
	}

}
