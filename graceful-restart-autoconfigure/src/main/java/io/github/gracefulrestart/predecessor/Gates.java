package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.state.LastResort;

/**
 * The gates of a predecessor, which open again if its successor does not continue to
 * serve.
 *
 * @param hosts what accepts
 */
record Gates(ListenerHosts hosts) {

	private List<Listener> listeners() {
		return this.hosts.open().stream().map(ListenerHost::listener).toList();
	}

	/**
	 * Leave the listeners of some hosts to the successor. Returns when this process no
	 * longer accepts from them.
	 */
	void handOver(List<ListenerHost> inherited) {
		inherited.forEach((host) -> host.listener().handOver());
	}

	/**
	 * Accept again.
	 */
	void open() {
		listeners().forEach((listener) -> LastResort.attempt("Opening a gate", listener::takeBack));
	}

	/**
	 * The successor may have changed the length of the queues.
	 */
	void claimQueues() {
		listeners().forEach((listener) -> LastResort.attempt("Setting the length of the queue of " + listener,
				listener::claimQueue));
	}

	/**
	 * Close the listeners because no process accepts any longer, so that new clients are
	 * refused instead of waiting.
	 */
	void closeForAll() {
		LastResort.attempt("Closing the listeners", () -> this.hosts.open().forEach((host) -> {
			host.listener().claimFile();
			close(host, false);
		}));
	}

	/**
	 * Close the listeners for good.
	 * @param inherited whether the successor serves on the listener of a host
	 */
	void close(Predicate<ListenerHost> inherited) {
		this.hosts.open().forEach((host) -> close(host, inherited.test(host)));
	}

	private static void close(ListenerHost host, boolean inherited) {
		try {
			host.closeListener(inherited);
		}
		catch (IOException | RuntimeException | Error ex) {
			LastResort.log("A listener could not be closed; it is closed when this process exits", ex);
		}
	}

	/**
	 * Return when the last connection was accepted.
	 * @return the moment, on the clock of {@link System#nanoTime()}, 0 if there was none
	 */
	long lastAcceptedAt() {
		return listeners().stream().mapToLong((listener) -> listener.gate().lastAcceptedAt()).max().orElse(0);
	}

}
