package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One thread that accepts, and serves what it accepts: each connection brings a number.
 * No thread may wait on it; its gates are a switch and a turn of the loop.
 */
final class EventLoop implements AutoCloseable {

	static final int BACKLOG = 4000;

	private final Selector selector = Selector.open();

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final List<Integer> numbers = new CopyOnWriteArrayList<>();

	private final Thread thread = new Thread(this::run, "event-loop");

	private volatile boolean stopped;

	EventLoop() throws IOException {
		this.thread.start();
	}

	AcceptGate register(ServerSocketChannel channel) throws IOException {
		channel.configureBlocking(false);
		return new Gate(channel.register(this.selector, 0));
	}

	List<Integer> numbers() {
		return this.numbers;
	}

	private void run() {
		while (!this.stopped) {
			try {
				this.selector.select((key) -> ((Gate) key.attachment()).accept());
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
			Runnable task;
			while ((task = this.tasks.poll()) != null) {
				task.run();
			}
		}
	}

	/**
	 * Do something between two turns, and wait for it.
	 */
	private void turn(Runnable task) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		this.tasks.add(() -> {
			task.run();
			done.complete(null);
		});
		this.selector.wakeup();
		done.join();
	}

	@Override
	public void close() throws IOException {
		this.stopped = true;
		this.selector.wakeup();
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.selector.close();
	}

	/**
	 * Whether the loop reads from a channel. What a turn of it has taken is served when
	 * the turn is over.
	 */
	private final class Gate implements AcceptGate {

		private final SelectionKey key;

		private boolean opened;

		private boolean paused;

		private volatile long firstAcceptedAt;

		private volatile long lastAcceptedAt;

		Gate(SelectionKey key) {
			this.key = key;
			key.attach(this);
		}

		void accept() {
			try (SocketChannel connection = ((ServerSocketChannel) this.key.channel()).accept()) {
				if (connection != null) {
					this.lastAcceptedAt = System.nanoTime();
					this.firstAcceptedAt = (this.firstAcceptedAt != 0) ? this.firstAcceptedAt : this.lastAcceptedAt;
					EventLoop.this.numbers.add(Clients.numberOf(connection));
				}
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private void update(Runnable change) {
			turn(() -> {
				change.run();
				if (this.key.isValid()) {
					this.key.interestOps((this.opened && !this.paused) ? SelectionKey.OP_ACCEPT : 0);
				}
			});
		}

		@Override
		public void open() {
			update(() -> this.opened = true);
		}

		@Override
		public void close() {
			update(() -> this.opened = false);
		}

		@Override
		public void pause() {
			update(() -> this.paused = true);
		}

		@Override
		public void resume() {
			update(() -> this.paused = false);
		}

		@Override
		public boolean isOpen() {
			return this.key.isValid() && this.key.interestOps() != 0;
		}

		@Override
		public boolean awaitAcceptor(Duration patience) {
			return isOpen();
		}

		@Override
		public long firstAcceptedAt() {
			return this.firstAcceptedAt;
		}

		@Override
		public long lastAcceptedAt() {
			return this.lastAcceptedAt;
		}

		@Override
		public void release() {
			update(this.key::cancel);
		}

	}

}
