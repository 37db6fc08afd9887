package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The descriptors that a {@link SpawnedProcess} has beside the standard ones: two that
 * its parent writes to, the reading ends of the two pipes that it writes to itself, and
 * those that its parent has chosen to pass.
 *
 * @since 0.1.0
 */
public final class ChildDescriptors {

	/** Standard output of the parent, and one above it standard error. */
	static final int PARENT_OUTPUT = 3;

	/** Where the pipe of standard output is read, and one above it that of error. */
	static final int READING_ENDS = 5;

	/** The first of those that are passed. */
	static final int PASSED = 7;

	private ChildDescriptors() {
	}

	/**
	 * Return the sockets that the parent has passed to this process. From now on no
	 * process that this one starts gets them.
	 * @param count how many there are
	 * @return the sockets, or nothing if these are no listening sockets, because this
	 * process was started by somebody else
	 * @throws IOException if a system call failed
	 */
	public static List<Descriptor> passedListeners(int count) throws IOException {
		List<Descriptor> passed = new ArrayList<>();
		for (int number = PASSED; number < PASSED + count; number++) {
			if (!Descriptors.isListening(number)) {
				return List.of();
			}
			passed.add(new Descriptor(number));
		}
		for (Descriptor descriptor : passed) {
			descriptor.closeOnExec();
		}
		return passed;
	}

}
