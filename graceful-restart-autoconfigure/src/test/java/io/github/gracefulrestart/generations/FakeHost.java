package io.github.gracefulrestart.generations;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.host.HostDrain;
import io.github.gracefulrestart.host.IdleHost;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.MovableConnection;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.SelectorGate;
import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.posix.ReceivedConnection;
import io.github.gracefulrestart.posix.SocketPair;

/**
 * A web server that accepts and does nothing else: its connections are idle, unless a
 * test says that they are active.
 */
public final class FakeHost extends IdleHost implements AutoCloseable {

	private final SelectorGate gate;

	private final Thread acceptor;

	private final List<Connection> idle = new CopyOnWriteArrayList<>();

	private final List<String> done = new CopyOnWriteArrayList<>();

	private volatile int active;

	private final AtomicInteger moved = new AtomicInteger();

	private final AtomicInteger closedIdle = new AtomicInteger();

	private final AtomicInteger cut = new AtomicInteger();

	private volatile boolean stopped;

	private volatile String objection;

	private volatile RuntimeException drainFailure;

	/**
	 * Create a host.
	 * @param listener what it accepts from
	 */
	public FakeHost(Listener listener) {
		super(listener);
		this.gate = (SelectorGate) listener.gate();
		this.acceptor = new Thread(this::accept, "fake-acceptor");
		this.acceptor.setDaemon(true);
		this.acceptor.start();
	}

	private void accept() {
		try {
			while (!this.stopped) {
				SocketChannel channel = this.gate.accept();
				if (channel != null) {
					this.idle.add(new Connection(channel, pair(channel)));
					this.gate.delivered();
				}
			}
		}
		catch (IOException ex) {
			this.done.add("acceptor failed: " + ex);
		}
	}

	private static SocketPair pair(SocketChannel channel) throws IOException {
		return new SocketPair((InetSocketAddress) channel.getLocalAddress(),
				(InetSocketAddress) channel.getRemoteAddress());
	}

	/**
	 * Return what this host was told to do, in this order.
	 * @return names of what {@link ListenerHost} and {@link HostDrain} declare, those
	 * that are called again and again left out
	 */
	public List<String> done() {
		return List.copyOf(this.done);
	}

	/**
	 * Say how many connections have a request.
	 * @param count how many
	 */
	public void active(int count) {
		this.active = count;
	}

	/**
	 * Take no connection over.
	 * @param reason why
	 */
	public void refuseConnections(String reason) {
		this.objection = reason;
	}

	/**
	 * Fail to begin a drain.
	 * @param failure how
	 */
	public void failToDrain(RuntimeException failure) {
		this.drainFailure = failure;
	}

	/**
	 * Return how many connections were moved away.
	 * @return how many
	 */
	public int moved() {
		return this.moved.get();
	}

	/**
	 * Return how many connections were cut.
	 * @return how many
	 */
	public int cut() {
		return this.cut.get();
	}

	/**
	 * Read what the client of the only connection has sent.
	 * @return one byte
	 * @throws IOException if that failed
	 */
	public byte read() throws IOException {
		if (this.idle.size() != 1) {
			throw new IllegalStateException(this.idle + " is not one connection");
		}
		ByteBuffer buffer = ByteBuffer.allocate(1);
		this.idle.get(0).channel().read(buffer);
		return buffer.get(0);
	}

	@Override
	public ConnectionCount connections() {
		return new ConnectionCount(this.active, this.idle.size());
	}

	@Override
	public HostDrain beginDrain(boolean move) {
		this.done.add("beginDrain");
		RuntimeException failure = this.drainFailure;
		if (failure != null) {
			throw failure;
		}
		return this;
	}

	@Override
	public List<MovableConnection> detach(int max, boolean look) {
		if (this.objection != null) {
			return List.of();
		}
		List<Connection> taken = this.idle.stream().limit(max).toList();
		this.idle.removeAll(taken);
		return taken.stream().<MovableConnection>map(Detached::new).toList();
	}

	@Override
	public void stopMoving(String reason) {
		this.done.add("stopMoving: " + reason);
		this.objection = reason;
	}

	@Override
	public String adopt(ReceivedConnection connection, ConnectionState state) throws IOException {
		String reason = this.objection;
		if (reason == null) {
			this.idle.add(new Connection(connection.toChannel().channel(), connection.addresses()));
		}
		return reason;
	}

	@Override
	public void cancel() {
		this.done.add("cancel");
	}

	@Override
	public void closeIdle() {
		this.closedIdle.addAndGet(this.idle.size());
		this.idle.forEach((connection) -> close(connection.channel()));
		this.idle.clear();
	}

	@Override
	public void cut(long moment, boolean idleToo) {
		this.cut.addAndGet(this.active);
		this.active = 0;
	}

	@Override
	public DrainSummary summary() {
		return new DrainSummary(this.moved.get(), 0, 0, this.closedIdle.get(), this.cut.get());
	}

	@Override
	public void closeListener(boolean inherited) throws IOException {
		this.done.add(inherited ? "leaveListener" : "closeListener");
		stop();
		super.closeListener(inherited);
	}

	private void stop() {
		this.stopped = true;
		this.gate.interrupt();
		try {
			this.acceptor.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * End, as a process does.
	 */
	@Override
	public void close() throws IOException {
		stop();
		listener().leave();
		this.idle.forEach((connection) -> close(connection.channel()));
	}

	private static void close(SocketChannel channel) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public String toString() {
		return listener().toString();
	}

	/**
	 * A connection between two requests.
	 *
	 * @param channel its channel
	 * @param addresses its addresses, which the channel does not know if it was adopted
	 */
	private record Connection(SocketChannel channel, SocketPair addresses) {

	}

	/**
	 * A connection on its way.
	 */
	private final class Detached implements MovableConnection {

		private final Connection connection;

		private Detached(Connection connection) {
			this.connection = connection;
		}

		@Override
		public int descriptor() throws IOException {
			Integer number = Descriptors.ofConnections().get(this.connection.addresses());
			if (number == null) {
				throw new IOException("its client has reset it");
			}
			return number;
		}

		@Override
		public ConnectionState state() {
			return new ConnectionState(Duration.ofMillis(1), 100);
		}

		@Override
		public void moved() {
			FakeHost.this.moved.incrementAndGet();
			FakeHost.close(this.connection.channel());
		}

		@Override
		public void keep() {
			FakeHost.this.idle.add(this.connection);
		}

	}

}
