package io.github.gracefulrestart.supervisor.systemd;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.posix.DatagramReceiver;
import io.github.gracefulrestart.posix.Descriptor;

/**
 * What a service has told systemd.
 */
final class Notifications implements Closeable {

	private final DatagramReceiver receiver;

	private final NotifySocket socket;

	private final List<Descriptor> descriptors = new ArrayList<>();

	Notifications(Path path) {
		this.receiver = DatagramReceiver.bind(path.toString());
		this.socket = new NotifySocket(path.toString());
	}

	NotifySocket socket() {
		return this.socket;
	}

	/**
	 * Return what has been told since the last call.
	 */
	List<String> received() {
		List<String> received = new ArrayList<>();
		DatagramReceiver.Datagram next = this.receiver.next();
		while (next != null) {
			received.add(next.content());
			this.descriptors.addAll(next.descriptors());
			next = this.receiver.next();
		}
		return received;
	}

	/**
	 * Return what has come with what was received.
	 */
	List<Descriptor> descriptors() {
		return this.descriptors;
	}

	@Override
	public void close() {
		this.descriptors.forEach(Descriptor::close);
		this.receiver.close();
	}

}
