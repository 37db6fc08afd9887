package io.github.gracefulrestart.posix;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The descriptors that a {@link SpawnedProcess} has in addition to the standard ones and
 * those that its parent was started with: the standard output and error of its parent,
 * the reading ends of its own two output pipes, a ticket that only one process can take,
 * and the sockets that its parent passes. An environment variable contains the number of
 * the first.
 */
public final class ChildDescriptors {

	/**
	 * The environment variable that contains the number of the first descriptor, and the
	 * kernel's names of the pipes: of the ticket, of standard output, of standard error.
	 */
	public static final String VARIABLE = "GRACEFUL_RESTART_DESCRIPTORS";

	/** Numbers with one digit are left to scripts. */
	private static final int LOWEST = 10;

	private static final int READING_ENDS = 2;

	private static final int TICKET = 4;

	private static final int PASSED = 5;

	private static final int STANDARD_OUTPUT = 1;

	private static final int PIPES = 3;

	private static final int LARGEST_TICKET = 1024;

	private static final @Nullable ChildDescriptors OWN = parse(System.getenv(VARIABLE));

	/** If this process had the ticket, it has the other descriptors, too. */
	private static volatile boolean complete;

	private final int first;

	private final List<String> pipes;

	private ChildDescriptors(int first, List<String> pipes) {
		this.first = first;
		this.pipes = pipes;
	}

	/**
	 * Choose numbers that no other descriptor of the process uses.
	 * @param taken numbers that the process has otherwise
	 * @param passed how many sockets are passed
	 * @param pipes the kernel's names of the pipes
	 */
	static ChildDescriptors beside(List<Integer> taken, int passed, List<String> pipes) {
		Set<Integer> others = new HashSet<>(taken);
		int first = LOWEST;
		int count = 0;
		while (count < PASSED + passed) {
			if (others.contains(first + count)) {
				first += count + 1;
				count = 0;
			}
			else {
				count++;
			}
		}
		return new ChildDescriptors(first, pipes);
	}

	/**
	 * Return the descriptors that the environment of this process names, whether they are
	 * open or not.
	 * @return the descriptors, or {@code null} if neither this process nor one of its
	 * ancestors is a {@link SpawnedProcess}
	 */
	static @Nullable ChildDescriptors own() {
		return OWN;
	}

	static @Nullable ChildDescriptors parse(@Nullable String text) {
		List<String> fields = (text != null) ? List.of(text.split(" ")) : List.of();
		try {
			// A newer version of the parent may append fields
			return (fields.size() > PIPES)
					? new ChildDescriptors(Integer.parseInt(fields.get(0)), fields.subList(1, PIPES + 1)) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * Return what {@link #parse} understands.
	 */
	String describe() {
		return this.first + " " + String.join(" ", this.pipes);
	}

	/** The kernel's name of the pipe that is standard output or error. */
	String pipe(int stream) {
		return this.pipes.get(stream);
	}

	/** Standard output of the parent, or error. */
	int parentOutput(int stream) {
		return this.first + stream - STANDARD_OUTPUT;
	}

	/** The reading end of the pipe of standard output or error. */
	int readingEnd(int stream) {
		return this.first + READING_ENDS + stream - STANDARD_OUTPUT;
	}

	int ticket() {
		return this.first + TICKET;
	}

	/** One of those that are passed. */
	int passed(int index) {
		return this.first + PASSED + index;
	}

	/**
	 * Take the ticket of a {@link SpawnedProcess}, which the programs that it executes or
	 * starts inherit. It can be taken once only: later calls, in any process, find
	 * nothing. Loads no native code.
	 * @return the ticket, or {@code null} if there is none for this process
	 */
	public static @Nullable String takeTicket() {
		ChildDescriptors own = OWN;
		if (own == null || !own.hasTicket()) {
			return null;
		}
		try (InputStream pipe = new FileInputStream("/proc/self/fd/" + own.ticket())) {
			byte[] content = new byte[LARGEST_TICKET];
			int length = (pipe.available() > 0) ? pipe.read(content) : 0;
			return (length > 0) ? new String(content, 0, length, StandardCharsets.US_ASCII) : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	private boolean hasTicket() {
		return this.pipes.get(0).startsWith("pipe:") && this.pipes.get(0).equals(Descriptors.target(ticket()));
	}

	/**
	 * Keep the descriptors from processes that this one starts, and close the ticket. To
	 * be called by the process that has taken the ticket.
	 * @throws IOException if a system call failed
	 */
	public static void keepForThisProcess() throws IOException {
		ChildDescriptors own = OWN;
		if (own != null && own.hasTicket()) {
			for (int number = own.first; number < own.ticket(); number++) {
				if (!Descriptors.target(number).isEmpty()) {
					Descriptor.closeOnExec(number);
				}
			}
			new Descriptor(own.ticket()).close();
			complete = true;
		}
	}

	/**
	 * Return the sockets that the parent has passed to this process, after
	 * {@link #keepForThisProcess()}. From then on, processes that this one starts do not
	 * inherit them.
	 * @param count how many there are
	 * @return the sockets, or none if the descriptors are not listening sockets, because
	 * a program in between has closed them
	 * @throws IOException if a system call failed
	 */
	public static List<Descriptor> passedListeners(int count) throws IOException {
		ChildDescriptors own = OWN;
		List<Descriptor> passed = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			if (own == null || !complete || !Descriptors.isListening(own.passed(i))) {
				return List.of();
			}
			passed.add(new Descriptor(own.passed(i)));
		}
		for (Descriptor descriptor : passed) {
			descriptor.closeOnExec();
		}
		return passed;
	}

}
