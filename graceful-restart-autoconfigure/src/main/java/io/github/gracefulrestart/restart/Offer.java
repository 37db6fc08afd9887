package io.github.gracefulrestart.restart;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.listener.Listener;

/**
 * What a predecessor gives to a successor that has just connected.
 */
final class Offer {

	private Offer() {
	}

	/**
	 * Send standard output, standard error and the listening sockets.
	 */
	static void send(ControlConnection control, int generation, List<ListenerHost> hosts) throws IOException {
		List<Welcome.Listener> descriptions = new ArrayList<>();
		List<Integer> descriptors = new ArrayList<>(List.of(1, 2));
		for (ListenerHost host : hosts) {
			Listener listener = listener(host);
			descriptions.add(describe(listener));
			descriptors.add(listener.descriptor());
		}
		control.send(new Welcome(generation, descriptions), descriptors);
	}

	static Listener listener(ListenerHost host) {
		Listener listener = host.listener();
		if (listener == null) {
			throw new IllegalStateException("a listener was closed during the restart");
		}
		return listener;
	}

	static Welcome.Listener describe(Listener listener) {
		return new Welcome.Listener(listener.key().name(), listener.key().address());
	}

}
