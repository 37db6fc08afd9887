package io.github.gracefulrestart.posix;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

import jnr.constants.platform.Errno;

/**
 * Reports writes to a set of files. It watches the files, not their directories, which
 * may contain a log as well. It costs nothing until a file is written to; all writes
 * between two waits are reported once.
 */
public final class FileWatch implements Closeable {

	/** {@code IN_CLOEXEC} of Linux. */
	private static final int CLOSE_ON_EXEC = 0x80000;

	/** {@code IN_MODIFY} of Linux: written to or truncated. */
	private static final int MODIFIED = 0x2;

	private static final int BUFFER_SIZE = 4096;

	private final Descriptor descriptor;

	private FileWatch(Descriptor descriptor) {
		this.descriptor = descriptor;
	}

	/**
	 * Begin without any file.
	 * @return the watch
	 * @throws IOException if this user has as many watches as allowed
	 */
	public static FileWatch open() throws IOException {
		return new FileWatch(
				new Descriptor(Native.check(Native.libc().inotify_init1(CLOSE_ON_EXEC), "inotify_init1()")));
	}

	/**
	 * Watch a file, for as long as it exists.
	 * @param number a descriptor of the file, which remains the property of its owner
	 * @throws IOException if the file cannot be watched
	 */
	public void add(int number) throws IOException {
		Path file = OpenFiles.path(number);
		Native.check(Native.libc().inotify_add_watch(this.descriptor.number(), file.toString(), MODIFIED),
				"inotify_add_watch(" + file + ")");
	}

	/**
	 * Wait until something has been written to one of the files since the last call, for
	 * as long as it takes.
	 * @throws IOException if this watch cannot be read
	 */
	public void await() throws IOException {
		byte[] events = new byte[BUFFER_SIZE];
		int length;
		do {
			length = Native.posix().read(this.descriptor.number(), events, events.length);
		}
		while (length < 0 && Native.posix().errno() == Errno.EINTR.intValue());
		Native.check(length, "read(" + this.descriptor + ")");
	}

	@Override
	public void close() {
		this.descriptor.close();
	}

}
