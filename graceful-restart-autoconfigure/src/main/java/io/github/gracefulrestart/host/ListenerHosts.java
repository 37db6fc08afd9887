package io.github.gracefulrestart.host;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.PreflightResult;

/**
 * The listener hosts of this JVM, and the connectors that cannot take part in a restart.
 */
public final class ListenerHosts {

	private final List<ListenerHost> hosts = new CopyOnWriteArrayList<>();

	private final List<String> obstacles = new CopyOnWriteArrayList<>();

	private final Supplier<List<String>> others;

	/**
	 * Create the hosts of a JVM in which no other server listens.
	 */
	public ListenerHosts() {
		this(List::of);
	}

	/**
	 * Create the hosts of an application.
	 * @param others returns other obstacles to a restart in this JVM at this moment
	 */
	public ListenerHosts(Supplier<List<String>> others) {
		this.others = others;
	}

	/**
	 * Add a host, whose listener has just been opened.
	 * @param host the host, which is forgotten when its listener has been closed
	 */
	public void add(ListenerHost host) {
		this.hosts.removeIf((candidate) -> !candidate.listener().isOpen());
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
		return this.hosts.stream().filter((host) -> host.listener().isOpen()).toList();
	}

	/**
	 * Return the addresses that are handed over.
	 * @return where the open listeners listen
	 */
	public List<SocketAddress> addresses() {
		return open().stream().map((host) -> host.listener().localAddress()).toList();
	}

	/**
	 * Return why restarts are refused.
	 * @return descriptions of connectors and other obstacles, empty if all can be handed
	 * over
	 */
	public List<String> obstacles() {
		List<String> all = new ArrayList<>(this.obstacles);
		all.addAll(this.others.get());
		return all;
	}

	/**
	 * Check before a restart whether all hosts can be handed over.
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

}
