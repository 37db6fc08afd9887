package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The gate of an NIO channel that a thread of its own accepts from.
 * <p>
 * That thread calls {@link #accept()} and, when it has passed the connection on,
 * {@link #delivered()}.
 * <p>
 * The channel is always non-blocking. All processes that share a socket share its
 * blocking mode, and a process that blocked in {@code accept} could only be stopped by a
 * connection, and might take one after it was told to stop.
 */
public final class SelectorGate implements AcceptGate {

	private final ServerSocketChannel channel;

	private final Selector selector;

	private final Object monitor = new Object();

	private State state = State.CLOSED;

	private boolean paused;

	private boolean accepting;

	private boolean interrupted;

	private volatile long firstAcceptedAt;

	private volatile long lastAcceptedAt;

	SelectorGate(ServerSocketChannel channel) throws IOException {
		this.channel = channel;
		channel.configureBlocking(false);
		this.selector = Selector.open();
		channel.register(this.selector, SelectionKey.OP_ACCEPT);
	}

	/**
	 * Take the next connection, waiting for the gate to be open and a client to come.
	 * @return a connection, or {@code null} if the wait was {@linkplain #interrupt()
	 * interrupted}
	 * @throws IOException if the kernel refuses to hand out a connection, for example
	 * because this process has too many open files
	 */
	public @Nullable SocketChannel accept() throws IOException {
		while (enter()) {
			try {
				// Without a selector, most calls of accept would return no connection
				SocketChannel connection = (this.selector.select(SelectorGate::ready) > 0) ? this.channel.accept()
						: null;
				if (connection != null) {
					noteAccepted();
					return connection;
				}
			}
			catch (IOException | RuntimeException | Error ex) {
				delivered();
				throw ex;
			}
		}
		return null;
	}

	/**
	 * The selected key need not be examined: there is only one channel.
	 */
	private static void ready(SelectionKey key) {
	}

	private boolean enter() {
		synchronized (this.monitor) {
			while (!isOpen() && !this.interrupted) {
				leave();
				awaitChange();
			}
			this.accepting = !this.interrupted;
			if (this.interrupted) {
				this.interrupted = false;
				leave();
			}
			this.monitor.notifyAll();
			return this.accepting;
		}
	}

	private void awaitChange() {
		awaitChange(0);
	}

	@SuppressWarnings("WaitNotInLoop") // the callers loop
	private void awaitChange(long millis) {
		try {
			this.monitor.wait(millis);
		}
		catch (InterruptedException ex) {
			// Tomcat does not interrupt this thread; other callers must use interrupt()
		}
	}

	private void leave() {
		this.accepting = false;
		this.monitor.notifyAll();
	}

	private void noteAccepted() {
		long now = System.nanoTime();
		if (this.firstAcceptedAt == 0) {
			this.firstAcceptedAt = now;
		}
		this.lastAcceptedAt = now;
	}

	/**
	 * Note that the connection returned by {@link #accept()} has been passed on.
	 */
	public void delivered() {
		synchronized (this.monitor) {
			leave();
		}
	}

	@Override
	public void open() {
		synchronized (this.monitor) {
			if (this.state == State.CLOSED) {
				this.state = State.OPEN;
				this.monitor.notifyAll();
			}
		}
	}

	@Override
	public void pause() {
		synchronized (this.monitor) {
			this.paused = true;
			awaitParked();
		}
	}

	@Override
	public void resume() {
		synchronized (this.monitor) {
			this.paused = false;
			this.monitor.notifyAll();
		}
	}

	@Override
	public boolean awaitAcceptor(Duration patience) {
		long end = System.nanoTime() + patience.toNanos();
		synchronized (this.monitor) {
			long left = patience.toMillis();
			while (!this.accepting && !this.paused && left > 0) {
				awaitChange(left);
				left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
			}
			return this.accepting;
		}
	}

	@Override
	public void close() {
		stop(State.CLOSED);
	}

	@Override
	public void release() throws IOException {
		stop(State.RELEASED);
		this.selector.close();
	}

	private void stop(State target) {
		synchronized (this.monitor) {
			if (this.state == State.RELEASED) {
				return;
			}
			this.state = target;
			awaitParked();
		}
	}

	private void awaitParked() {
		this.monitor.notifyAll();
		this.selector.wakeup();
		while (this.accepting) {
			awaitChange();
		}
	}

	/**
	 * Make the acceptor return from {@link #accept()} without a connection, now or at its
	 * next call.
	 */
	public void interrupt() {
		synchronized (this.monitor) {
			this.interrupted = true;
			this.monitor.notifyAll();
			this.selector.wakeup();
		}
	}

	@Override
	public boolean isOpen() {
		synchronized (this.monitor) {
			return this.state == State.OPEN && !this.paused;
		}
	}

	@Override
	public long firstAcceptedAt() {
		return this.firstAcceptedAt;
	}

	@Override
	public long lastAcceptedAt() {
		return this.lastAcceptedAt;
	}

	private enum State {

		/**
		 * The acceptor is parked; connections wait in the kernel's queue.
		 */
		CLOSED,

		/**
		 * The acceptor takes connections.
		 */
		OPEN,

		/**
		 * The listening socket is about to be closed, or has been.
		 */
		RELEASED

	}

}
