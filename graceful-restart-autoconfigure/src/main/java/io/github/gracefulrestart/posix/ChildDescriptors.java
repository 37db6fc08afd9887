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
 * The descriptors that a {@link SpawnedProcess} has beside the standard ones and those
 * that its parent was started with: two that its parent writes to, the reading ends of
 * the two pipes that it writes to itself, a ticket that only one process can take, and
 * the sockets that its parent has chosen to pass. An environment variable says where they
 * begin.
 */
public final class ChildDescriptors {

	/**
	 * The environment variable that says where the descriptors begin, and what the kernel
	 * calls the pipes: that of the ticket, of standard output, of error.
	 */
	public static final String VARIABLE = "GRACEFUL_RESTART_DESCRIPTORS";

	/** Scripts use those with one digit for themselves. */
	private static final int LOWEST = 10;

	private static final int READING_ENDS = 2;

	private static final int TICKET = 4;

	private static final int PASSED = 5;

	private static final int STANDARD_OUTPUT = 1;

	private static final int PIPES = 3;

	private static final int LARGEST_TICKET = 1024;

	private static final @Nullable ChildDescriptors OWN = parse(System.getenv(VARIABLE));

	/** Where the ticket was, the others are as well. */
	private static volatile boolean complete;

	private final int first;

	private final List<String> pipes;

	private ChildDescriptors(int first, List<String> pipes) {
		this.first = first;
		this.pipes = pipes;
	}

	/**
	 * Choose numbers that nobody else uses.
	 * @param taken numbers that the process has otherwise
	 * @param passed how many sockets are passed
	 * @param pipes what the kernel calls the pipes
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
	 * Return the descriptors that the environment of this process speaks of, whether they
	 * are there or not.
	 * @return the descriptors, or {@code null} if no {@link SpawnedProcess} is among the
	 * processes that this one comes from
	 */
	static @Nullable ChildDescriptors own() {
		return OWN;
	}

	static @Nullable ChildDescriptors parse(@Nullable String text) {
		List<String> fields = (text != null) ? List.of(text.split(" ")) : List.of();
		try {
			// A newer parent may say more
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

	/** What the kernel calls the pipe that standard output or error is. */
	String pipe(int stream) {
		return this.pipes.get(stream);
	}

	/** Standard output of the parent, or error. */
	int parentOutput(int stream) {
		return this.first + stream - STANDARD_OUTPUT;
	}

	/** Where the pipe of standard output is read, or that of error. */
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
	 * Take the ticket that a {@link SpawnedProcess} is given, and that goes on to what it
	 * becomes or starts. Whoever comes later finds nothing. Loads no native code.
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
	 * See to it that no process that this one starts gets what was meant for this one,
	 * and that the ticket is gone. For a process that has taken it.
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
	 * {@link #keepForThisProcess()}. From now on no process that this one starts gets
	 * them.
	 * @param count how many there are
	 * @return the sockets, or nothing if these are no listening sockets, because they got
	 * lost on the way here
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
