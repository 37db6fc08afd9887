package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;

/**
 * The listening sockets that a predecessor gives to a successor.
 *
 * @param listeners their keys
 * @param descriptors the descriptors of each, in the same order
 */
record Offer(List<ListenerKey> listeners, List<Integer> descriptors) {

	/**
	 * Offer nothing.
	 */
	static final Offer NOTHING = new Offer(List.of(), List.of());

	static Offer of(List<ListenerHost> hosts) throws IOException {
		List<ListenerKey> listeners = new ArrayList<>();
		List<Integer> descriptors = new ArrayList<>();
		for (ListenerHost host : hosts) {
			Listener listener = host.listener();
			listeners.add(listener.key());
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

}
