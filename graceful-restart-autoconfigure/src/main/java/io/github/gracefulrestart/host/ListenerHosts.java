package io.github.gracefulrestart.host;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.listener.Listener;

/**
 * The listener hosts of this JVM, and the connectors that cannot take part in a restart.
 */
public final class ListenerHosts {

	private final List<ListenerHost> hosts = new CopyOnWriteArrayList<>();

	private final List<String> obstacles = new CopyOnWriteArrayList<>();

	private final Supplier<List<String>> others;

	/**
	 * Create the hosts of a JVM in which nothing else listens.
	 */
	public ListenerHosts() {
		this(List::of);
	}

	/**
	 * Create the hosts of an application.
	 * @param others says what else in this JVM stands in the way of a restart at this
	 * moment
	 */
	public ListenerHosts(Supplier<List<String>> others) {
		this.others = others;
	}

	/**
	 * Add a host.
	 * @param host the host
	 */
	public void add(ListenerHost host) {
		this.hosts.add(host);
	}

	/**
	 * Add a connector that cannot be handed over; restarts are refused because of it.
	 * @param description which connector, why, and what to do
	 */
	public void addObstacle(String description) {
		this.obstacles.add(description);
	}

	/**
	 * Return the hosts whose listener is open.
	 * @return the hosts
	 */
	public List<ListenerHost> open() {
		return this.hosts.stream().filter((host) -> host.listener() != null).toList();
	}

	/**
	 * Return the addresses that are handed over.
	 * @return where the open listeners listen
	 */
	public List<SocketAddress> addresses() {
		return open().stream().map(ListenerHosts::listenerOf).map(Listener::localAddress).toList();
	}

	/**
	 * Return why restarts are refused.
	 * @return descriptions of connectors and of what else is in the way, empty if all can
	 * be handed over
	 */
	public List<String> obstacles() {
		List<String> all = new ArrayList<>(this.obstacles);
		all.addAll(this.others.get());
		return all;
	}

	/**
	 * Look before a restart whether all hosts can be handed over.
	 * @return what was found
	 */
	public List<PreflightResult> check() {
		return new ListenerCheck(this).results();
	}

	/**
	 * Return the connections of all hosts at this moment.
	 * @return the count
	 */
	public ConnectionCount connections() {
		return open().stream().map(ListenerHost::connections).reduce(ConnectionCount.NONE, ConnectionCount::plus);
	}

	/**
	 * Return the listener of a host that had one when the restart began.
	 * @param host the host
	 * @return its listener
	 */
	public static Listener listenerOf(ListenerHost host) {
		Listener listener = host.listener();
		if (listener == null) {
			throw new IllegalStateException("a listener was closed during the restart");
		}
		return listener;
	}

}
