package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.gracefulrestart.posix.ProcessStatus;
import org.jspecify.annotations.Nullable;

/**
 * A program of the operator that was launched, and its descendants. Until the successor
 * has connected, these are all processes with the token in their environment, wherever
 * they are in the tree of processes. Processes that the successor itself starts inherit
 * the token as well, so once it has connected, only the tree of processes tells the two
 * apart.
 */
final class LaunchedFamily {

	private final ProcessHandle launched;

	private final String mark;

	LaunchedFamily(ProcessHandle launched, SuccessorFlag flag) {
		this.launched = launched;
		this.mark = LaunchContract.TOKEN + "=" + flag.token();
	}

	/**
	 * Return the processes of the family that run.
	 * @param jvm the successor, if it has connected. Processes that it has started itself
	 * are excluded
	 */
	Set<ProcessHandle> running(@Nullable ProcessHandle jvm) {
		Set<ProcessHandle> members = (jvm != null) ? new HashSet<>(Set.of(jvm)) : marked();
		members.add(this.launched);
		// The number of a process that has ended may have been reused, by a process with
		// other children
		members.removeIf((member) -> !member.isAlive());
		boolean jvmIsAlive = jvm != null && members.contains(jvm);
		// The environment of some processes cannot be read
		List.copyOf(members).forEach((member) -> member.descendants().forEach(members::add));
		if (jvm != null && jvmIsAlive) {
			jvm.descendants().forEach(members::remove);
		}
		members.removeIf((member) -> !isRunning(member));
		return members;
	}

	/**
	 * Return whether a process runs, and is not another one with the same number.
	 */
	static boolean isRunning(ProcessHandle process) {
		return process.isAlive() && ProcessStatus.isRunning(process.pid());
	}

	private Set<ProcessHandle> marked() {
		return ProcessHandle.allProcesses()
			.filter((process) -> process.pid() != ProcessHandle.current().pid() && isMarked(process))
			.collect(Collectors.toCollection(HashSet::new));
	}

	private boolean isMarked(ProcessHandle process) {
		Path environment = Path.of("/proc", String.valueOf(process.pid()), "environ");
		try {
			String content = Files.readString(environment, StandardCharsets.ISO_8859_1);
			return content.startsWith(this.mark + "\0") || content.contains("\0" + this.mark + "\0");
		}
		catch (IOException ex) {
			// Has ended, or belongs to another user
			return false;
		}
	}

}
