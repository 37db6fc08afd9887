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
	 * The kernel adds as much as all memory that there is, of the control group or the
	 * machine, to what the process has. Half of that would not be enough: a JVM that
	 * starts has little.
	 */
	private static final int FIRST = 1000;

	static OomScore ofThisMachine() {
		return new OomScore(Path.of("/proc"));
	}

	/**
	 * Return the value of this process.
	 * @throws IOException if the kernel does not tell
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
