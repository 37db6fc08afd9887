package io.github.gracefulrestart.trigger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What files and directories look like at one moment: enough to notice that one of them
 * was written or replaced. Their contents are not read.
 * <p>
 * A directory that Kubernetes has mounted contains a link, {@code ..data}, which is
 * replaced when all files are complete. Only that counts there. Of another directory, the
 * files directly in it count.
 *
 * @param states what each path looks like, in the order in which they were named;
 * {@link #ABSENT} if there is nothing
 */
record WatchedFiles(Map<Path, String> states) {

	static final String ABSENT = "absent";

	private static final String DATA = "..data";

	/**
	 * Look at files.
	 * @param paths files and directories
	 * @return what they look like now
	 */
	static WatchedFiles look(List<Path> paths) {
		Map<Path, String> states = new LinkedHashMap<>();
		paths.forEach((path) -> states.put(path, state(path)));
		return new WatchedFiles(states);
	}

	private static String state(Path path) {
		try {
			Path data = path.resolve(DATA);
			if (Files.isSymbolicLink(data)) {
				return "link to " + Files.readSymbolicLink(data);
			}
			return Files.isDirectory(path) ? listing(path) : attributes(path);
		}
		catch (IOException ex) {
			// Also a file that vanishes while it is looked at
			return ABSENT;
		}
	}

	private static String listing(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.sorted()
				.map((file) -> file.getFileName() + " " + entry(file))
				.collect(Collectors.joining("\n"));
		}
	}

	private static String entry(Path file) {
		try {
			return Files.isDirectory(file) ? "directory" : attributes(file);
		}
		catch (IOException ex) {
			return ABSENT;
		}
	}

	/**
	 * A file behind a link counts by where it is, because a link may come to lead to one
	 * of the same age and size.
	 */
	private static String attributes(Path file) throws IOException {
		BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
		return file.toRealPath() + " " + attributes.fileKey() + " " + attributes.size() + " "
				+ attributes.lastModifiedTime();
	}

	/**
	 * Return what has changed since another moment and is there now. A file that has
	 * vanished is left out: it is being replaced, or nothing can be started from it.
	 * @param before what was seen then
	 * @return the paths
	 */
	List<Path> changesSince(WatchedFiles before) {
		return this.states.entrySet()
			.stream()
			.filter((entry) -> !entry.getValue().equals(ABSENT))
			.filter((entry) -> !entry.getValue().equals(before.states.get(entry.getKey())))
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Return what is not there.
	 */
	List<Path> absent() {
		return this.states.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(ABSENT))
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Return what counts as known once a change was acted on: all that is there now, and
	 * what was there before where nothing is now.
	 */
	WatchedFiles over(WatchedFiles before) {
		Map<Path, String> merged = new LinkedHashMap<>(this.states);
		absent().forEach((path) -> merged.put(path, before.states.getOrDefault(path, ABSENT)));
		return new WatchedFiles(merged);
	}

}
