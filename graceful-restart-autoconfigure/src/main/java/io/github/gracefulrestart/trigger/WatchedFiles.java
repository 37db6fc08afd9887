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
 * The state of files and directories at one moment, with enough detail to notice that one
 * of them was written to or replaced. Their contents are not read.
 * <p>
 * A directory that Kubernetes has mounted contains a link, {@code ..data}, which is
 * replaced when all files are complete. In such a directory only the link counts, in any
 * other directory the files directly in it.
 *
 * @param states the state of each path, in the order of configuration; {@link #ABSENT} if
 * it does not exist
 */
record WatchedFiles(Map<Path, String> states) {

	static final String ABSENT = "absent";

	private static final String DATA = "..data";

	/**
	 * Record the state of files.
	 * @param paths files and directories
	 * @return their present state
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
			// This includes a file that disappears at that moment
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
	 * The target of a link is a part of the state, because the link may be switched to a
	 * file of the same age and size.
	 */
	private static String attributes(Path file) throws IOException {
		BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
		return file.toRealPath() + " " + attributes.fileKey() + " " + attributes.size() + " "
				+ attributes.lastModifiedTime();
	}

	/**
	 * Return the paths that have changed since another moment and exist now. A file that
	 * has disappeared is left out, because it is being replaced, or no process can be
	 * started from it.
	 * @param before the state at that moment
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
	 * Return the paths that do not exist.
	 */
	List<Path> absent() {
		return this.states.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(ABSENT))
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Return the state that is known after a change has been handled: the present state
	 * of paths that exist, and the previous state of the others.
	 */
	WatchedFiles over(WatchedFiles before) {
		Map<Path, String> merged = new LinkedHashMap<>(this.states);
		absent().forEach((path) -> merged.put(path, before.states.getOrDefault(path, ABSENT)));
		return new WatchedFiles(merged);
	}

}
