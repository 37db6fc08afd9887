package io.github.gracefulrestart.posix;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

import jnr.constants.platform.Fcntl;
import jnr.constants.platform.OpenFlags;
import org.jspecify.annotations.Nullable;

/**
 * Standard output and error of a process that {@link SpawnedProcess} has started. They
 * are pipes that its parent reads. The process also holds the outputs of its parent, and
 * the reading ends of the pipes, so that it can continue to write, to the same place,
 * when its parent has died.
 */
public final class PipedOutput {

	private static final int STANDARD_OUTPUT = 1;

	private static final int STANDARD_ERROR = 2;

	/** {@code O_ACCMODE} of Linux: the bits that say whether to read or write. */
	private static final int ACCESS_MODE = 0x3;

	private final @Nullable ChildDescriptors descriptors;

	private final long parent;

	private PipedOutput(@Nullable ChildDescriptors descriptors, long parent) {
		this.descriptors = descriptors;
		this.parent = parent;
	}

	/**
	 * Find the pipes of this process.
	 * @param parent the process that has called {@link SpawnedProcess}
	 * @return the pipes, none if this process does not come of a {@link SpawnedProcess}
	 */
	public static PipedOutput of(long parent) {
		return new PipedOutput(ChildDescriptors.own(), parent);
	}

	/**
	 * From now on, write directly to the outputs of the parent. What is still in the
	 * pipes is passed on, and so is the later output of other processes that have
	 * inherited the pipes.
	 * @param output this process's standard output, for what is in the pipes. Writing to
	 * it must never fail: other processes would block, or die, if this one stopped
	 * reading their pipe
	 * @param error standard error, likewise
	 * @throws IOException if a system call failed; what has not been taken over goes on
	 * through the pipe
	 */
	public void takeOver(OutputStream output, OutputStream error) throws IOException {
		if (this.descriptors != null) {
			takeOver(STANDARD_OUTPUT, this.descriptors, output);
			takeOver(STANDARD_ERROR, this.descriptors, error);
		}
	}

	/**
	 * A script between the parent and this process may have sent its output elsewhere, or
	 * have closed all that it does not know.
	 */
	private void takeOver(int stream, ChildDescriptors own, OutputStream to) throws IOException {
		boolean kept = own.pipe(stream).equals(Descriptors.target(own.readingEnd(stream)));
		boolean used = own.pipe(stream).equals(Descriptors.target(stream));
		if (kept) {
			try (Descriptor parents = new Descriptor(own.parentOutput(stream));
					Descriptor readingEnd = new Descriptor(own.readingEnd(stream))) {
				takeOver(own.pipe(stream), parents, readingEnd.number(), to);
			}
		}
		else if (used) {
			// Of a regular file this is the end
			Path path = Path.of("/proc", String.valueOf(this.parent), "fd", String.valueOf(stream));
			int flags = OpenFlags.O_WRONLY.intValue() | OpenFlags.O_APPEND.intValue() | OpenFlags.O_CLOEXEC.intValue();
			try (Descriptor parents = new Descriptor(
					Native.check(Native.posix().open(path.toString(), flags, 0), "open(" + path + ")"))) {
				takeOver(own.pipe(stream), parents, stream, to);
			}
		}
	}

	private static void takeOver(String pipe, Descriptor parents, int readable, OutputStream to) throws IOException {
		InputStream rest = new FileInputStream("/proc/self/fd/" + readable);
		// More than one where the application has opened /dev/stdout, for an access log
		for (int own : Descriptors.ownDescriptors((number) -> true)) {
			replaceWritingEnd(own, pipe, parents.number());
		}
		passOn(rest, to);
	}

	/**
	 * The application may close the descriptor between the check and the call, and the
	 * kernel may reuse its number. This cannot be prevented, so there is nothing between
	 * the two.
	 */
	private static void replaceWritingEnd(int number, String pipe, int by) throws PosixException {
		if (isWritingEnd(number, pipe)) {
			int flags = (number <= STANDARD_ERROR) ? 0 : OpenFlags.O_CLOEXEC.intValue();
			Native.check(Native.libc().dup3(by, number, flags), "dup3(" + by + ", " + number + ")");
		}
	}

	private static boolean isWritingEnd(int number, String pipe) {
		return Descriptors.target(number).equals(pipe)
				&& (Native.posix().fcntl(number, Fcntl.F_GETFL) & ACCESS_MODE) != OpenFlags.O_RDONLY.intValue();
	}

	/**
	 * The pipe ends as soon as no other process has it open for writing, which is usually
	 * at once.
	 */
	private static void passOn(InputStream rest, OutputStream to) {
		Thread thread = new Thread(() -> {
			try (rest) {
				rest.transferTo(to);
			}
			catch (IOException ex) {
				// The pipe cannot be read, so there is nothing to pass on
			}
		}, "graceful-restart-output");
		thread.setDaemon(true);
		thread.start();
	}

}
