package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import jnr.constants.platform.OpenFlags;
import org.jspecify.annotations.Nullable;

/**
 * The files that this process has open. One of them can be replaced by another file: its
 * reader, a class loader or a channel, continues with the other file without noticing.
 */
public final class OpenFiles {

	private static final int ACCESS_MODE = 3;

	private static final int READ_ONLY = 0;

	private static final int OWNER_ONLY = 0600;

	private static final int SEEK_SET = 0;

	private static final int SEEK_CUR = 1;

	private OpenFiles() {
	}

	/**
	 * Find the descriptors with which this process reads files. They remain the property
	 * of their owners.
	 * @return the descriptors' numbers, those that can also write left out, by what
	 * {@link BasicFileAttributes#fileKey()} says of the file
	 * @throws IOException if the descriptors of this process cannot be listed
	 */
	public static Map<Object, List<Integer>> readers() throws IOException {
		Map<Object, List<Integer>> readers = new HashMap<>();
		for (int number : Descriptors.ownDescriptors((any) -> true)) {
			BasicFileAttributes attributes = attributes(number);
			if (attributes != null && attributes.isRegularFile() && attributes.fileKey() != null
					&& isReadOnly(number)) {
				readers.computeIfAbsent(attributes.fileKey(), (key) -> new ArrayList<>()).add(number);
			}
		}
		return readers;
	}

	private static @Nullable BasicFileAttributes attributes(int number) {
		try {
			return Files.readAttributes(path(number), BasicFileAttributes.class);
		}
		catch (IOException ex) {
			return null; // closed meanwhile
		}
	}

	private static boolean isReadOnly(int number) {
		return (Integer.parseInt(info(number, "flags"), 8) & ACCESS_MODE) == READ_ONLY;
	}

	/**
	 * Return whether a descriptor has a position, because its reader seeks before it
	 * reads. A reader that reads at given positions ({@code pread}) leaves the position
	 * at the beginning. A replacement cannot disturb it, because there is no moment
	 * between two calls.
	 * @param number a descriptor of a file
	 * @return {@code true} if the position is not the beginning
	 */
	public static boolean isPositioned(int number) {
		return Long.parseLong(info(number, "pos")) != 0;
	}

	private static String info(int number, String name) {
		try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo", String.valueOf(number)))) {
			return lines.filter((line) -> line.startsWith(name + ":"))
				.map((line) -> line.substring(name.length() + 1).strip())
				.findFirst()
				.orElse("-1");
		}
		catch (IOException | UncheckedIOException ex) {
			return "-1";
		}
	}

	/**
	 * Copy a file to one without a name, which the kernel deletes when this process ends
	 * or the descriptor is closed.
	 * @param file the file to copy
	 * @param directory an existing directory, whose disk the copy is on
	 * @return a descriptor of the copy
	 * @throws IOException if the copy cannot be made, for example for lack of space
	 */
	public static Descriptor copyWithoutName(Path file, Path directory) throws IOException {
		try (Descriptor nameless = createWithoutName(directory);
				FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
				FileChannel to = FileChannel.open(path(nameless.number()), StandardOpenOption.WRITE)) {
			copy(from, to, file);
			return open(nameless.number());
		}
	}

	/**
	 * A file without a name cannot be left behind by a process that is killed, as a file
	 * could that is created by name and then deleted.
	 */
	private static Descriptor createWithoutName(Path directory) throws IOException {
		int access = OpenFlags.O_RDWR.intValue() | OpenFlags.O_CLOEXEC.intValue();
		int number = Native.posix().open(directory.toString(), access | OpenFlags.O_TMPFILE.intValue(), OWNER_ONLY);
		if (number >= 0) {
			return new Descriptor(number);
		}
		// Not every file system can
		Path name = Files.createTempFile(directory, "graceful-restart-", ".jar");
		try {
			return new Descriptor(Native.check(Native.posix().open(name.toString(), access, 0), "open(" + name + ")"));
		}
		finally {
			Files.delete(name);
		}
	}

	private static void copy(FileChannel from, FileChannel to, Path file) throws IOException {
		long size = from.size();
		long position = 0;
		while (position < size) {
			long count = from.transferTo(position, size - position, to);
			if (count == 0) {
				throw new IOException(file + " has become shorter while it was read");
			}
			position += count;
		}
	}

	/**
	 * Make a descriptor refer to another file, opened for reading, at the position that
	 * it has.
	 * <p>
	 * The owner may close the descriptor at any time, and the kernel may reuse its
	 * number. Therefore it is checked immediately before the call, and left alone if it
	 * refers to another file by then.
	 * @param number the descriptor, which remains the property of its owner
	 * @param key the file that it refers to, see {@link #readers()}
	 * @param file a descriptor of the other file
	 * @return whether it was replaced
	 * @throws IOException if a system call failed
	 */
	public static boolean replace(int number, Object key, Descriptor file) throws IOException {
		try (Descriptor replacement = open(file.number())) {
			long position = Native.posix().lseekLong(number, 0, SEEK_CUR);
			if (position > 0) {
				Native.posix().lseekLong(replacement.number(), position, SEEK_SET);
			}
			BasicFileAttributes attributes = attributes(number);
			if (attributes == null || !key.equals(attributes.fileKey())) {
				return false;
			}
			replacement.replace(number);
			return true;
		}
	}

	/**
	 * Open the file of a descriptor again, with a position of its own.
	 */
	private static Descriptor open(int number) throws IOException {
		int flags = OpenFlags.O_RDONLY.intValue() | OpenFlags.O_CLOEXEC.intValue();
		Path path = path(number);
		return new Descriptor(Native.check(Native.posix().open(path.toString(), flags, 0), "open(" + path + ")"));
	}

	/**
	 * Return a path by which the file of a descriptor can be opened, whether it has a
	 * name or not.
	 * @param number a descriptor
	 * @return the path
	 */
	public static Path path(int number) {
		return Path.of("/proc/self/fd", String.valueOf(number));
	}

}
