package io.github.gracefulrestart.preflight;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.PreflightResult;

/**
 * Whether there is memory for a second JVM. The best estimate of its need is what this
 * one uses, because it is the same program, warmed up.
 */
final class MemoryCheck implements PlanCheck {

	private static final String NAME = "memory";

	private static final long KIBI = 1024;

	private final Path proc;

	private final Path cgroup;

	private final MemoryRule rule;

	/**
	 * Create a check.
	 * @param proc where the kernel shows processes
	 * @param cgroup where the kernel shows control groups
	 * @param rule what happens if there is too little memory
	 */
	MemoryCheck(Path proc, Path cgroup, MemoryRule rule) {
		this.proc = proc;
		this.cgroup = cgroup;
		this.rule = rule;
	}

	@Override
	public List<PreflightResult> check(PlannedLaunch launch) {
		if (this.rule == MemoryRule.OFF) {
			return List.of(PreflightResult.passed(NAME, "not checked (graceful.restart.preflight.memory=off)"));
		}
		try {
			long needed = KernelTable.read(this.proc.resolve("self/status")).bytes("VmRSS");
			AvailableMemory available = AvailableMemory.look(this.proc, this.cgroup);
			return List.of(compare(needed, available));
		}
		catch (IOException ex) {
			return List
				.of(PreflightResult.warning(NAME, "cannot determine how much memory is free: " + ex.getMessage()));
		}
	}

	private PreflightResult compare(long needed, AvailableMemory available) {
		String found = "this process uses " + mebi(needed) + " MiB, and " + mebi(available.bytes())
				+ " MiB are free in " + available.where();
		if (available.bytes() >= needed) {
			return PreflightResult.passed(NAME, found);
		}
		String message = found
				+ ": a second one may be too much, and the kernel may " + (available.together()
						? "end all processes of the control group together (memory.oom.group=1). " : "kill either. ")
				+ "Raise the limit or free memory";
		return (this.rule == MemoryRule.REFUSE || (this.rule == MemoryRule.AUTO && available.together()))
				? PreflightResult.refused(NAME, message + ", or set graceful.restart.preflight.memory=warn")
				: PreflightResult.warning(NAME, message);
	}

	private static long mebi(long bytes) {
		return bytes / KIBI / KIBI;
	}

}
