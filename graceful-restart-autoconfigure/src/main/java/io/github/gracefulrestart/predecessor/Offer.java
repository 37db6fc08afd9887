package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.listener.Listener;

/**
 * The listening sockets that a predecessor gives to a successor.
 *
 * @param listeners what they are
 * @param descriptors the descriptors of each, in the same order
 */
record Offer(List<Welcome.Listener> listeners, List<Integer> descriptors) {

	/**
	 * Offer nothing.
	 */
	static final Offer NOTHING = new Offer(List.of(), List.of());

	static Offer of(List<ListenerHost> hosts) throws IOException {
		List<Welcome.Listener> listeners = new ArrayList<>();
		List<Integer> descriptors = new ArrayList<>();
		for (ListenerHost host : hosts) {
			Listener listener = ListenerHosts.listenerOf(host);
			listeners.add(describe(listener));
			descriptors.add(listener.descriptor());
		}
		return new Offer(listeners, descriptors);
	}

	/**
	 * Send it to a successor that has just connected.
	 */
	void send(ControlConnection control, int generation) throws IOException {
		control.send(new Welcome(generation, this.listeners, control.dialect().features()), this.descriptors);
	}

	static Welcome.Listener describe(Listener listener) {
		return new Welcome.Listener(listener.key().name(), listener.key().address());
	}

}
