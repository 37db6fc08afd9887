package io.github.gracefulrestart.generations;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartPhaseEvent;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.listener.InheritedListeners;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.listener.TestTransport;
import io.github.gracefulrestart.state.RestartState;

/**
 * What a JVM has, whichever role it plays.
 */
public final class Generation implements AutoCloseable {

	/**
	 * What the listener of each generation is known by.
	 */
	public static final ListenerKey KEY = new ListenerKey("server", "127.0.0.1:0");

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final int BACKLOG = 10;

	private final List<Object> events = new CopyOnWriteArrayList<>();

	private final RestartState state;

	private final Listeners listeners;

	private final ListenerHosts hosts;

	private final List<String> obstacles = new CopyOnWriteArrayList<>();

	private volatile FakeHost host;

	private volatile Consumer<Object> listener = (event) -> {
	};

	/**
	 * Create a generation without a web server.
	 * @param initial the phase that it is in
	 * @param number which generation it is
	 * @param predecessor its predecessor, or {@code null}
	 * @param inherited what the predecessor hands over, or {@code null}
	 */
	public Generation(RestartPhase initial, int number, Long predecessor, InheritedListeners inherited) {
		this.state = new RestartState(initial, number, predecessor, this::publish);
		this.listeners = new Listeners(inherited, inherited == null);
		this.hosts = new ListenerHosts(() -> this.obstacles);
	}

	private void publish(Object event) {
		this.events.add(event);
		this.listener.accept(event);
	}

	/**
	 * Let the application listen.
	 * @param listens hears of each event, and may take its time
	 */
	public void listener(Consumer<Object> listens) {
		this.listener = listens;
	}

	/**
	 * Start the web server.
	 * @throws IOException if it cannot listen
	 */
	public void startServer() throws IOException {
		FakeHost started = new FakeHost(this.listeners.open(KEY, BACKLOG, TestTransport.loopback()));
		this.host = started;
		this.hosts.add(started);
	}

	/**
	 * Return the web server.
	 * @return the host, which has been started
	 */
	public FakeHost host() {
		return this.host;
	}

	public RestartState state() {
		return this.state;
	}

	public Listeners listeners() {
		return this.listeners;
	}

	public ListenerHosts hosts() {
		return this.hosts;
	}

	public RestartPhase phase() {
		return this.state.phase();
	}

	/**
	 * Return whether it takes connections.
	 * @return whether its gate is open
	 */
	public boolean accepts() {
		FakeHost current = this.host;
		return current != null && current.listener().isOpen() && current.listener().gate().isOpen();
	}

	/**
	 * Let something that cannot be handed over appear.
	 * @param description what it is
	 */
	public void addObstacle(String description) {
		this.obstacles.add(description);
	}

	/**
	 * Return what listeners of the application have heard.
	 * @return the events
	 */
	public List<Object> events() {
		this.state.awaitEvents(PATIENCE);
		return List.copyOf(this.events);
	}

	/**
	 * Return the phases that listeners have heard of.
	 * @return the phases
	 */
	public List<RestartPhase> phases() {
		return events().stream()
			.filter(RestartPhaseEvent.class::isInstance)
			.map((event) -> ((RestartPhaseEvent) event).getPhase())
			.toList();
	}

	/**
	 * End, as a process does.
	 */
	@Override
	public void close() throws IOException {
		FakeHost current = this.host;
		if (current != null) {
			current.close();
		}
	}

}
