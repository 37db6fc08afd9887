package io.github.gracefulrestart.handover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What this process has open at a moment, files of the class path aside: those the JVM
 * opens as it needs them.
 *
 * @param targets what each descriptor refers to, by number
 */
record OpenDescriptors(TreeMap<Integer, String> targets) {

	private static final Path OWN = Path.of("/proc/self/fd");

	static OpenDescriptors now() throws IOException {
		TreeMap<Integer, String> targets = new TreeMap<>();
		try (Stream<Path> entries = Files.list(OWN)) {
			for (Path entry : (Iterable<Path>) entries::iterator) {
				try {
					targets.put(Integer.valueOf(entry.getFileName().toString()),
							Files.readSymbolicLink(entry).toString());
				}
				catch (IOException ex) {
					// The one that this method reads the directory with
				}
			}
		}
		targets.values().removeIf((target) -> target.endsWith(".jar") || target.startsWith("/proc/"));
		return new OpenDescriptors(targets);
	}

	/**
	 * Return the sockets that are open now and were not then. The numbers may differ.
	 */
	List<String> socketsSince(OpenDescriptors then) {
		List<String> sockets = new ArrayList<>(this.targets.values());
		then.targets.values().forEach(sockets::remove);
		sockets.removeIf((target) -> !target.startsWith("socket:"));
		return sockets;
	}

}
