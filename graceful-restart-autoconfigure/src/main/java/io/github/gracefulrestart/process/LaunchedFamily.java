package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A program of the operator's that was launched, and all that came of it, wherever it is
 * in the tree of processes by now: it carries the token in its environment.
 */
final class LaunchedFamily {

	private final ProcessHandle launched;

	private final String mark;

	LaunchedFamily(ProcessHandle launched, SuccessorFlag flag) {
		this.launched = launched;
		this.mark = LaunchContract.TOKEN + "=" + flag.token();
	}

	/**
	 * Return who of the family runs.
	 * @param jvm the successor, if it has connected. What it has started by itself is its
	 * own affair
	 */
	Set<ProcessHandle> running(@Nullable ProcessHandle jvm) {
		Set<ProcessHandle> members = ProcessHandle.allProcesses()
			.filter((process) -> process.pid() != ProcessHandle.current().pid() && isMarked(process))
			.collect(Collectors.toCollection(HashSet::new));
		members.add(this.launched);
		// Of some the environment cannot be read
		List.copyOf(members).forEach((member) -> member.descendants().forEach(members::add));
		if (jvm != null) {
			jvm.descendants().forEach(members::remove);
		}
		members.removeIf((member) -> !ProcessStatus.isRunning(member.pid()));
		return members;
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
