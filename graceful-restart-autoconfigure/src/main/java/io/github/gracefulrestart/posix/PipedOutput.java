package io.github.gracefulrestart.posix;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

import jnr.constants.platform.Fcntl;
import jnr.constants.platform.OpenFlags;

/**
 * Standard output and error of a process that {@link SpawnedProcess} has started. They
 * are pipes that its parent reads, but the process needs its parent neither to go on
 * writing nor to know where to: beside the pipes it has what its parent writes to, and
 * the pipes' reading ends, so that they do not break.
 *
 * @since 0.1.0
 */
public final class PipedOutput {

	private static final int STANDARD_OUTPUT = 1;

	private static final int STANDARD_ERROR = 2;

	/** {@code O_ACCMODE} of Linux: the bits that say whether to read or write. */
	private static final int ACCESS_MODE = 0x3;

	private final List<Integer> streams;

	private PipedOutput(List<Integer> streams) {
		this.streams = streams;
	}

	/**
	 * Find the pipes of this process.
	 * @return the pipes, none if this process was not started by {@link SpawnedProcess}
	 */
	public static PipedOutput own() {
		return new PipedOutput(List.of(STANDARD_OUTPUT, STANDARD_ERROR)
			.stream()
			.filter((number) -> isPipe(number) && pipe(number).equals(Descriptors.target(readingEnd(number))))
			.toList());
	}

	private static boolean isPipe(int number) {
		return pipe(number).startsWith("pipe:");
	}

	private static String pipe(int number) {
		return Descriptors.target(number);
	}

	private static int readingEnd(int number) {
		return ChildDescriptors.READING_ENDS + number - STANDARD_OUTPUT;
	}

	/**
	 * Write from now on to where the parent writes, not through it. What is still in the
	 * pipes gets there too, and so does what others who have inherited the pipes write
	 * from now on.
	 * @param output this process's standard output, for what is in the pipes. Fails for
	 * nothing: others wait or end when nobody reads their pipe any more
	 * @param error standard error, likewise
	 * @throws IOException if a system call failed; what has not been taken over goes on
	 * through the pipe
	 */
	public void takeOver(OutputStream output, OutputStream error) throws IOException {
		for (int number : this.streams) {
			takeOver(number, (number == STANDARD_OUTPUT) ? output : error);
		}
	}

	private static void takeOver(int stream, OutputStream to) throws IOException {
		String pipe = Descriptors.target(readingEnd(stream));
		try (Descriptor parents = new Descriptor(ChildDescriptors.PARENT_OUTPUT + stream - STANDARD_OUTPUT);
				Descriptor readingEnd = new Descriptor(readingEnd(stream))) {
			InputStream rest = new FileInputStream("/proc/self/fd/" + readingEnd.number());
			// More than one where the application has opened /dev/stdout, for an access
			// log
			for (int own : Descriptors.ownDescriptors((number) -> true)) {
				replaceWritingEnd(own, pipe, parents.number());
			}
			passOn(rest, to);
		}
	}

	/**
	 * Nobody can keep the application from closing it between the look and the call, and
	 * from opening something else with its number, so that nothing is done in between.
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
	 * The end of the pipe is there as soon as nobody else can write to it: most often at
	 * once.
	 */
	private static void passOn(InputStream rest, OutputStream to) {
		Thread thread = new Thread(() -> {
			try (rest) {
				rest.transferTo(to);
			}
			catch (IOException ex) {
				// The pipe cannot be read, so that there is nothing to pass on
			}
		}, "graceful-restart-output");
		thread.setDaemon(true);
		thread.start();
	}

}
