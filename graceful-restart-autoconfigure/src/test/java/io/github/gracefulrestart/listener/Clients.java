package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that connect again and again, as often as they are allowed to, each connection
 * with a number of its own.
 */
final class Clients {

	private final Semaphore allowed = new Semaphore(0);

	private final AtomicInteger next = new AtomicInteger();

	private final AtomicInteger connected = new AtomicInteger();

	private final List<Thread> threads = new ArrayList<>();

	private volatile Exception failure;

	Clients(SocketAddress address, int clients, int connections) {
		for (int i = 0; i < clients; i++) {
			Thread thread = new Thread(() -> connect(address, connections), "client-" + i);
			thread.start();
			this.threads.add(thread);
		}
	}

	private void connect(SocketAddress address, int connections) {
		int number;
		try {
			while ((number = this.next.getAndIncrement()) < connections) {
				this.allowed.acquire();
				try (SocketChannel channel = SocketChannel.open(address)) {
					channel.write(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
				}
				this.connected.incrementAndGet();
			}
		}
		catch (IOException | InterruptedException ex) {
			this.failure = ex;
		}
	}

	/**
	 * Allow some more connections.
	 */
	void allow(int more) {
		this.allowed.release(more);
	}

	boolean isDone() {
		return this.threads.stream().noneMatch(Thread::isAlive);
	}

	int connected() throws Exception {
		for (Thread thread : this.threads) {
			thread.join();
		}
		if (this.failure != null) {
			throw this.failure;
		}
		return this.connected.get();
	}

	static int numberOf(SocketChannel accepted) throws IOException {
		accepted.configureBlocking(true);
		ByteBuffer number = ByteBuffer.allocate(Integer.BYTES);
		while (number.hasRemaining()) {
			if (accepted.read(number) < 0) {
				throw new IOException("a connection without its number");
			}
		}
		return number.getInt(0);
	}

}
