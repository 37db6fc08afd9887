package io.github.gracefulrestart.sample;

/**
 * The identity of this JVM, by which a client knows the process that answered.
 *
 * @param pid the process id
 * @param generation the generation, 1 unless a predecessor said otherwise
 */
record Identity(long pid, String generation) {

	static final String HEADER = "X-Pid";

	/** Read once: looking up the process id is not free, and neither value can change. */
	static final Identity CURRENT = new Identity(ProcessHandle.current().pid(),
			System.getenv().getOrDefault("GRACEFUL_RESTART_GENERATION", "1"));

	@Override
	public String toString() {
		return "pid=" + this.pid + " generation=" + this.generation;
	}

}
