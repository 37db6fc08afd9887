package io.github.gracefulrestart.generations;

import java.io.IOException;

/**
 * A process that has nothing but a process id: what lives and dies in place of a
 * predecessor that is this JVM.
 */
public final class StandIn implements AutoCloseable {

	private final Process process;

	public StandIn() throws IOException {
		this.process = new ProcessBuilder("sleep", "600").start();
	}

	public long pid() {
		return this.process.pid();
	}

	/**
	 * Die.
	 */
	@Override
	public void close() {
		this.process.destroyForcibly();
		try {
			this.process.waitFor();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
