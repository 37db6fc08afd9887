package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory and all that is in it.
 */
public final class FileTree {

	private FileTree() {
	}

	/**
	 * Return what is in a directory, at any depth.
	 * @param directory the directory
	 * @return the files and directories, relative to the directory, in order
	 */
	public static List<Path> list(Path directory) {
		try (Stream<Path> tree = Files.walk(directory)) {
			return tree.filter((path) -> !path.equals(directory)).map(directory::relativize).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Delete a directory and all that is in it, if it exists.
	 * @param directory the directory
	 */
	public static void deleteRecursively(Path directory) {
		if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		try (Stream<Path> tree = Files.walk(directory)) {
			for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
