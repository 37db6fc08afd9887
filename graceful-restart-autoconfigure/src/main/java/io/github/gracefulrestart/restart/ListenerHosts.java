package io.github.gracefulrestart.restart;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The listener hosts of this JVM, and the connectors that cannot take part in a restart.
 *
 * @since 0.1.0
 */
public final class ListenerHosts {

	private final List<ListenerHost> hosts = new CopyOnWriteArrayList<>();

	private final List<String> obstacles = new CopyOnWriteArrayList<>();

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
	 * Return why restarts are refused.
	 * @return descriptions of connectors, empty if all can be handed over
	 */
	public List<String> obstacles() {
		return List.copyOf(this.obstacles);
	}

	/**
	 * Return the connections of all hosts at this moment.
	 * @return the count
	 */
	public ConnectionCount connections() {
		return open().stream().map(ListenerHost::connections).reduce(ConnectionCount.NONE, ConnectionCount::plus);
	}

}
