package io.github.gracefulrestart.testsupport;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A process and all that came of it: its descendants, those that carry its mark in their
 * environment whoever started them, and those that were seen to serve in its place.
 */
final class ProcessFamily {

	static final String MARK_NAME = "GRACEFUL_RESTART_TEST_ID";

	private static final Duration TO_TERMINATE = Duration.ofSeconds(10);

	private static final Duration TO_DIE = Duration.ofSeconds(5);

	private final String mark = UUID.randomUUID().toString();

	private final Set<ProcessHandle> known = ConcurrentHashMap.newKeySet();

	private volatile long firstStarted = Long.MAX_VALUE;

	String mark() {
		return this.mark;
	}

	void add(ProcessHandle first) {
		this.known.add(first);
		this.firstStarted = ProcFs.startTime(first.pid());
	}

	/**
	 * Add a process that was seen to serve. One that is older than the family cannot
	 * belong to it: its number comes from another process id namespace.
	 * @param pid the process
	 */
	void addServing(long pid) {
		if (ProcFs.isOurs(pid) && ProcFs.startTime(pid) >= this.firstStarted) {
			ProcessHandle.of(pid).ifPresent(this.known::add);
		}
	}

	/**
	 * Look for new members.
	 * @return the members that run
	 */
	List<ProcessHandle> running() {
		this.known.addAll(ProcFs.withEnvironment(MARK_NAME + "=" + this.mark));
		// To look for descendants is to look at all processes of the machine
		List.copyOf(this.known)
			.stream()
			.filter(ProcessFamily::isRunning)
			.forEach((member) -> member.descendants().forEach(this.known::add));
		return this.known.stream().filter(ProcessFamily::isRunning).toList();
	}

	/**
	 * Return whether a process runs: a zombie does not, though it has a handle.
	 */
	private static boolean isRunning(ProcessHandle process) {
		return process.isAlive() && ProcFs.isRunning(process.pid());
	}

	/**
	 * End all members, and those that they start meanwhile.
	 * @return those that could not be ended
	 */
	List<ProcessHandle> end() {
		Set<ProcessHandle> asked = new HashSet<>();
		Poll.until(TO_TERMINATE, () -> {
			List<ProcessHandle> running = running();
			// once each: to some programs a second signal means to hurry
			running.stream().filter(asked::add).forEach(ProcessHandle::destroy);
			return running.isEmpty();
		});
		return kill();
	}

	/**
	 * Kill all members, and those that they start meanwhile.
	 * @return those that could not be ended
	 */
	List<ProcessHandle> kill() {
		Poll.until(TO_DIE, () -> {
			List<ProcessHandle> running = running();
			running.forEach(ProcessHandle::destroyForcibly);
			return running.isEmpty();
		});
		return running();
	}

}
