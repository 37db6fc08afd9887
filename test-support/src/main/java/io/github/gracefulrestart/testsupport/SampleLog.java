package io.github.gracefulrestart.testsupport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Takes a load's samples without creating an object for each.
 */
final class SampleLog {

	private final List<Block> blocks = new ArrayList<>();

	private Block last = new Block();

	private long size;

	SampleLog() {
		this.blocks.add(this.last);
	}

	synchronized void add(long due, long ended, Outcome outcome, boolean reused, long pid) {
		if (this.last.isFull()) {
			this.last = new Block();
			this.blocks.add(this.last);
		}
		this.last.add(due, ended - due, outcome, reused, pid);
		this.size++;
		notifyAll();
	}

	synchronized long size() {
		return this.size;
	}

	synchronized boolean awaitSize(long expected, Duration timeout) throws InterruptedException {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (this.size < expected) {
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				return false;
			}
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
		return true;
	}

	synchronized List<Block> blocks() {
		return List.copyOf(this.blocks);
	}

	/**
	 * A stretch of samples.
	 */
	static final class Block {

		private static final int CAPACITY = 32768;

		private final long[] due = new long[CAPACITY];

		private final long[] latency = new long[CAPACITY];

		private final int[] pid = new int[CAPACITY];

		private final Outcome[] outcome = new Outcome[CAPACITY];

		private final boolean[] reused = new boolean[CAPACITY];

		private int size;

		private boolean isFull() {
			return this.size == CAPACITY;
		}

		private void add(long due, long latency, Outcome outcome, boolean reused, long pid) {
			int index = this.size++;
			this.due[index] = due;
			this.latency[index] = latency;
			this.pid[index] = (int) pid;
			this.outcome[index] = outcome;
			this.reused[index] = reused;
		}

		int size() {
			return this.size;
		}

		Sample get(int index) {
			return new Sample(this.due[index], Duration.ofNanos(this.latency[index]), this.outcome[index],
					this.reused[index], this.pid[index]);
		}

	}

}
