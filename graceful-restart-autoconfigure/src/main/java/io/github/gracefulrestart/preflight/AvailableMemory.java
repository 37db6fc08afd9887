package io.github.gracefulrestart.preflight;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * The memory that a new process can get: the least of that of the machine, the control
 * group, and the groups that contain it.
 *
 * @param bytes how much
 * @param where the group or machine with the least, for messages
 * @param together whether the kernel would end all processes of a control group of this
 * process when its memory runs out, as Kubernetes sets it up
 */
record AvailableMemory(long bytes, String where, boolean together) {

	/**
	 * Version 1 shows a value slightly below the largest number if there is no limit.
	 */
	private static final long NO_LIMIT = Long.MAX_VALUE / 2;

	/**
	 * Find out how much memory is available.
	 * @param proc where the kernel shows processes
	 * @param cgroup where the kernel shows control groups
	 * @return what is available
	 * @throws IOException if not even the memory of the machine is known
	 */
	static AvailableMemory look(Path proc, Path cgroup) throws IOException {
		AvailableMemory least = new AvailableMemory(KernelTable.read(proc.resolve("meminfo")).bytes("MemAvailable"),
				"the machine", false);
		Path membership = proc.resolve("self/cgroup");
		if (!Files.isReadable(membership)) {
			return least;
		}
		for (String line : Files.readAllLines(membership, StandardCharsets.UTF_8)) {
			String[] fields = line.split(":", 3);
			if (fields.length == 3 && fields[1].isEmpty()) {
				least = least(least, cgroup, fields[2], Version.TWO);
			}
			else if (fields.length == 3 && ("," + fields[1] + ",").contains(",memory,")) {
				least = least(least, cgroup.resolve("memory"), fields[2], Version.ONE);
			}
		}
		return least;
	}

	/**
	 * In a container the path is often the one seen from outside, while the container's
	 * own group is mounted as the root.
	 */
	private static AvailableMemory least(AvailableMemory known, Path root, String path, Version version) {
		AvailableMemory least = known;
		Path inside = Path.of("/").resolve(path).normalize();
		Path group = root.resolve(inside.toString().substring(1));
		while (group != null && group.startsWith(root)) {
			AvailableMemory found = of(group, version);
			boolean together = least.together() || isEndedTogether(group);
			least = (found != null && found.bytes() < least.bytes()) ? found : least;
			least = new AvailableMemory(least.bytes(), least.where(), together);
			group = group.getParent();
		}
		return least;
	}

	/**
	 * A file of version 2 only.
	 */
	private static boolean isEndedTogether(Path group) {
		try {
			return Files.readString(group.resolve("memory.oom.group")).strip().equals("1");
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static @Nullable AvailableMemory of(Path group, Version version) {
		try {
			String limit = Files.readString(group.resolve(version.limit)).strip();
			if (limit.equals("max") || Long.parseLong(limit) > NO_LIMIT) {
				return null;
			}
			long usage = Long.parseLong(Files.readString(group.resolve(version.usage)).strip());
			// Pages of files, which the kernel reclaims first
			long inactive = KernelTable.read(group.resolve("memory.stat")).bytes(version.inactive, 0);
			long free = Long.parseLong(limit) - Math.max(0, usage - inactive);
			return new AvailableMemory(Math.max(0, free), "the control group " + group, false);
		}
		catch (IOException | NumberFormatException ex) {
			// The root group has no limit, and not every group is visible
			return null;
		}
	}

	private enum Version {

		ONE("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),

		TWO("memory.max", "memory.current", "inactive_file");

		private final String limit;

		private final String usage;

		private final String inactive;

		Version(String limit, String usage, String inactive) {
			this.limit = limit;
			this.usage = usage;
			this.inactive = inactive;
		}

	}

}
