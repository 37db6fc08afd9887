package io.github.gracefulrestart.it.failure;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.github.gracefulrestart.testsupport.ProcFs;

/**
 * What a process has open, and how often, in words that do not change from one process to
 * another.
 */
final class OpenDescriptors {

	private OpenDescriptors() {
	}

	static Map<String, Long> of(long pid) {
		return ProcFs.descriptors(pid)
			.values()
			.stream()
			.map((target) -> target.replaceAll("\\d+", "#"))
			// Classes are read when they are needed, and the jars copied in the
			// background
			.filter((target) -> !target.endsWith(".jar") && !target.endsWith(" (deleted)"))
			.filter((target) -> !target.startsWith("/dev/"))
			.collect(Collectors.groupingBy((target) -> target, TreeMap::new, Collectors.counting()));
	}

}
