package io.github.gracefulrestart.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How readily the kernel kills a process when memory runs out,
 * {@code /proc/PID/oom_score_adj}: -1000, never, to 1000, first. A process may raise its
 * own value, and lower it to what it was before, without a privilege.
 *
 * @param proc where the kernel shows processes
 */
record OomScore(Path proc) {

	/**
	 * With this value, the kernel adds all memory of the control group or the machine to
	 * that of the process. Half of it would not be enough, because a JVM that starts uses
	 * little memory.
	 */
	private static final int FIRST = 1000;

	static OomScore ofThisMachine() {
		return new OomScore(Path.of("/proc"));
	}

	/**
	 * Return the value of this process.
	 * @throws IOException if it cannot be read
	 */
	int own() throws IOException {
		return Integer.parseInt(Files.readString(file("self")).strip());
	}

	/**
	 * Set the value of this process.
	 * @param value a value that it has had before
	 * @throws IOException if that is not allowed
	 */
	void setOwn(int value) throws IOException {
		write("self", value);
	}

	/**
	 * Let the kernel kill this process before others.
	 * @throws IOException if that is not allowed
	 */
	void sacrificeOwn() throws IOException {
		write("self", FIRST);
	}

	/**
	 * Let the kernel kill a process before others.
	 * @param pid its process id
	 * @throws IOException if that is not allowed
	 */
	void sacrifice(long pid) throws IOException {
		write(Long.toString(pid), FIRST);
	}

	private void write(String process, int value) throws IOException {
		Files.writeString(file(process), Integer.toString(value));
	}

	private Path file(String process) {
		return this.proc.resolve(process).resolve("oom_score_adj");
	}

}
