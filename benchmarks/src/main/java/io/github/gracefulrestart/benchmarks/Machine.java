package io.github.gracefulrestart.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a figure depends on beside the code.
 */
final class Machine {

	private Machine() {
	}

	static String describe() {
		return "Machine: %d cores, %s %s, JDK %s (%s), kernel %s, load average %s".formatted(
				Runtime.getRuntime().availableProcessors(), memory(), System.getProperty("os.arch"),
				System.getProperty("java.vm.version"), System.getProperty("java.vendor"),
				System.getProperty("os.version"), first("/proc/loadavg"));
	}

	private static String memory() {
		String line = first("/proc/meminfo");
		String digits = line.replaceAll("\\D", "");
		return digits.isEmpty() ? "unknown memory" : "%.0f GiB".formatted(Long.parseLong(digits) / 1048576.0);
	}

	private static String first(String file) {
		try {
			String line = Files.readAllLines(Path.of(file)).get(0);
			return file.endsWith("loadavg") ? line.substring(0, line.indexOf(' ')) : line;
		}
		catch (IOException | RuntimeException ex) {
			return "";
		}
	}

}
