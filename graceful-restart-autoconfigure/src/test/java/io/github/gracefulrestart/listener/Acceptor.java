package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does with a gate what Tomcat's acceptor does.
 */
final class Acceptor implements AutoCloseable {

	private final SelectorGate gate;

	private final Thread thread;

	private final AtomicInteger accepted = new AtomicInteger();

	private final AtomicInteger delivered = new AtomicInteger();

	private final List<Integer> numbers = new CopyOnWriteArrayList<>();

	private volatile boolean stopped;

	private volatile Exception failure;

	Acceptor(AcceptGate gate) {
		this.gate = (SelectorGate) gate;
		this.thread = new Thread(this::run, "acceptor");
		this.thread.start();
	}

	private void run() {
		try {
			while (!this.stopped) {
				SocketChannel connection = this.gate.accept();
				if (connection != null) {
					this.accepted.incrementAndGet();
					try (connection) {
						this.numbers.add(Clients.numberOf(connection));
					}
					this.delivered.incrementAndGet();
					this.gate.delivered();
				}
			}
		}
		catch (IOException ex) {
			this.failure = ex;
		}
	}

	int accepted() {
		return this.accepted.get();
	}

	int delivered() {
		return this.delivered.get();
	}

	List<Integer> numbers() {
		return this.numbers;
	}

	Exception failure() {
		return this.failure;
	}

	@Override
	public void close() {
		this.stopped = true;
		this.gate.interrupt();
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
