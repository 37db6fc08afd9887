package io.github.gracefulrestart.tomcat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.ControlServer;
import io.github.gracefulrestart.handover.Dialect;
import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Connections;
import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.handover.ReceivedMessage;
import io.github.gracefulrestart.host.EventStreams;
import io.github.gracefulrestart.host.HostDrain;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.host.WebServerSettings;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.predecessor.ConnectionMover;
import io.github.gracefulrestart.state.Ticker;
import io.github.gracefulrestart.successor.ConnectionReceiver;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.apache.catalina.connector.Connector;

import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * An embedded Tomcat that shares nothing with others in this JVM, and that connections
 * can be moved from and to over a control socket, as if it were a process of its own.
 */
final class MovingServer implements AutoCloseable {

	static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration TURN = Duration.ofNanos(200_000);

	private final String name;

	private final ProbeServlet servlet;

	private final Path directory;

	private final TomcatWebServer server;

	private final ListenerHosts hosts;

	private final ConnectionReceiver receiver;

	private final BlockingQueue<Adopted> answers = new LinkedBlockingQueue<>();

	private final CompletableFuture<Void> disconnected = new CompletableFuture<>();

	private ControlConnection control;

	private ConnectionMover mover;

	private HostDrain drain;

	private MovingServer(String name, String role, EventStreams eventStreams, Duration webSocketCloseSpread,
			Consumer<TomcatServletWebServerFactory> settings) {
		this.name = name;
		this.servlet = new ProbeServlet(name);
		this.hosts = new ListenerHosts();
		this.receiver = new ConnectionReceiver(this.hosts, Path.of(System.getProperty("java.io.tmpdir")));
		try {
			this.directory = Files.createTempDirectory("moving-server-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.setAddress(InetAddress.getLoopbackAddress());
		factory.setBaseDirectory(this.directory.toFile());
		settings.accept(factory);
		new RestartableTomcatCustomizer(role, new Listeners(null, true), this.hosts,
				new WebServerSettings(webSocketCloseSpread, 1001, eventStreams, null, 1))
			.customize(factory);
		this.server = (TomcatWebServer) factory.getWebServer((context) -> {
			var registration = context.addServlet("probe", this.servlet);
			registration.addMapping("/*");
			registration.setAsyncSupported(true);
		});
		this.server.start();
	}

	static MovingServer start(String name) {
		return start(name, (factory) -> {
		});
	}

	static MovingServer start(String name, Consumer<TomcatServletWebServerFactory> settings) {
		return start(name, EventStreams.COMPLETE, settings);
	}

	static MovingServer start(String name, EventStreams eventStreams,
			Consumer<TomcatServletWebServerFactory> settings) {
		return new MovingServer(name, "server", eventStreams, Duration.ZERO, settings);
	}

	static MovingServer start(String name, Duration webSocketCloseSpread,
			Consumer<TomcatServletWebServerFactory> settings) {
		return new MovingServer(name, "server", EventStreams.COMPLETE, webSocketCloseSpread, settings);
	}

	static MovingServer start(String name, String role) {
		return new MovingServer(name, role, EventStreams.COMPLETE, Duration.ZERO, (factory) -> {
		});
	}

	/**
	 * Join two servers by a control socket.
	 */
	static void join(MovingServer first, MovingServer second) throws Exception {
		List<ControlConnection> ends = controlConnection();
		first.use(ends.get(0));
		second.use(ends.get(1));
	}

	private static List<ControlConnection> controlConnection() throws Exception {
		try (ControlServer controlServer = ControlServer.open(Path.of(System.getProperty("java.io.tmpdir")))) {
			CompletableFuture<ControlConnection> accepted = CompletableFuture.supplyAsync(() -> {
				try {
					return controlServer.awaitSuccessor((pid) -> pid == ProcessHandle.current().pid(),
							(description) -> {
							});
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
			ControlConnection connected = ControlConnection.connect(controlServer.socket(), Dialect.OWN);
			connected.send(new Hello(controlServer.token(), List.of()));
			return List.of(accepted.get(PATIENCE.toSeconds(), TimeUnit.SECONDS), connected);
		}
	}

	private void use(ControlConnection connection) {
		this.control = connection;
		Thread thread = new Thread(this::receive, "control-" + this.name);
		thread.setDaemon(true);
		thread.start();
	}

	private void receive() {
		try {
			while (true) {
				ReceivedMessage received = this.control.receive();
				if (received.message() instanceof Connections connections) {
					this.control.send(this.receiver.receive(connections, received));
				}
				else {
					received.discard();
					this.answers.add((Adopted) received.message());
				}
			}
		}
		catch (EOFException ex) {
			this.disconnected.complete(null);
		}
		catch (IOException ex) {
			this.disconnected.completeExceptionally(ex);
		}
	}

	/**
	 * Begin to drain: the gate is closed, and connections may be moved.
	 * @param capacity how many connections the successor is said to be able to take
	 */
	void beginDrain(int capacity) {
		this.mover = new ConnectionMover(this.control, capacity, PATIENCE, new Ticker());
		beginDrain(true);
	}

	/**
	 * Begin to drain: the gate is closed.
	 * @param move whether connections are to be moved
	 * @return the drain
	 */
	HostDrain beginDrain(boolean move) {
		host().listener().gate().close();
		this.drain = host().beginDrain(move);
		return this.drain;
	}

	/**
	 * Return the drain that has begun last.
	 */
	HostDrain drain() {
		return this.drain;
	}

	/**
	 * Do what the drain of a restart does again and again.
	 * @return whether connections are on their way
	 */
	boolean step() throws IOException {
		this.drain.step(true);
		boolean moving = this.mover.step(List.of(this.drain), true);
		try {
			Adopted answer = this.answers.poll(TURN.toNanos(), TimeUnit.NANOSECONDS);
			if (answer != null) {
				this.mover.acknowledged(answer);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return moving;
	}

	/**
	 * Serve on as before.
	 */
	void cancelDrain() {
		this.drain.cancel();
		host().listener().gate().open();
	}

	/**
	 * Move connections until none is on its way and a condition is met.
	 */
	void stepUntil(BooleanSupplier condition) throws IOException {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (step() || !condition.getAsBoolean()) {
			if (this.disconnected.isDone()) {
				throw new AssertionError("The control connection of " + this.name + " has ended");
			}
			if (System.nanoTime() - deadline >= 0) {
				throw new AssertionError(
						this.name + " has still " + host().connections() + " and knows of " + this.drain.summary());
			}
		}
	}

	/**
	 * Move all connections, as soon as they are between two requests.
	 * @return what became of the connections
	 */
	DrainSummary moveAllTo(MovingServer successor) throws IOException {
		beginDrain(successor.capacity());
		try {
			stepUntil(() -> host().connections().total() == 0);
			return this.drain.summary();
		}
		finally {
			cancelDrain();
		}
	}

	int capacity() {
		return this.receiver.capacity();
	}

	ControlConnection control() {
		return this.control;
	}

	Adopted awaitAnswer() throws InterruptedException {
		return this.answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	ListenerHost host() {
		return this.hosts.open().get(0);
	}

	ProbeServlet servlet() {
		return this.servlet;
	}

	String name() {
		return this.name;
	}

	int port() {
		return ((InetSocketAddress) host().listener().localAddress()).getPort();
	}

	RawHttp connect() throws RequestFailedException {
		return RawHttp.connect(port(), false, PATIENCE);
	}

	/**
	 * Return the connections as Tomcat counts them against its limit, the one that the
	 * acceptor waits for not included.
	 */
	long countedConnections() {
		return protocol().getConnectionCount() - 1;
	}

	RestartableHttp11NioProtocol protocol() {
		return (RestartableHttp11NioProtocol) connector().getProtocolHandler();
	}

	Connector connector() {
		return this.server.getTomcat().getConnector();
	}

	@Override
	public void close() throws IOException {
		if (this.control != null) {
			this.control.close();
		}
		this.servlet.release();
		this.server.stop();
		this.server.destroy();
		FileSystemUtils.deleteRecursively(this.directory);
	}

	/**
	 * A successor that never answers.
	 */
	static final class Silence implements AutoCloseable {

		private final List<ControlConnection> ends;

		Silence() throws Exception {
			this.ends = controlConnection();
		}

		ControlConnection control() {
			return this.ends.get(0);
		}

		@Override
		public void close() throws IOException {
			for (ControlConnection end : this.ends) {
				end.close();
			}
		}

	}

}
