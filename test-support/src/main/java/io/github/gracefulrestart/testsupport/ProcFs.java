package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Reads from {@code /proc} what the kernel knows of a process. What cannot be read, for
 * instance because the process has just gone, is empty or -1.
 */
public final class ProcFs {

	private static final Path PROC = Path.of("/proc");

	/** {@code USER_HZ} is 100 on every architecture that a JVM runs on. */
	private static final int MILLIS_PER_TICK = 10;

	/** Fields of {@code /proc/PID/stat} behind the name, counted from 0. */
	private static final int STATE = 0;

	private static final int PARENT = 1;

	private static final int USER_TIME = 11;

	private static final int SYSTEM_TIME = 12;

	private static final int START_TIME = 19;

	private ProcFs() {
	}

	/**
	 * Return the descriptors a process has open.
	 * @param pid the process
	 * @return what each is open on, such as {@code socket:[4711]}, by number
	 */
	public static Map<Integer, String> descriptors(long pid) {
		Map<Integer, String> result = new TreeMap<>();
		try (Stream<Path> entries = Files.list(directory(pid).resolve("fd"))) {
			entries.forEach((entry) -> {
				try {
					result.put(Integer.valueOf(entry.getFileName().toString()),
							Files.readSymbolicLink(entry).toString());
				}
				catch (IOException ex) {
					// closed since it was listed
				}
			});
		}
		catch (IOException ex) {
			// gone
		}
		return result;
	}

	/**
	 * Return how many sockets a process has open.
	 * @param pid the process
	 * @return the number of sockets
	 */
	public static long sockets(long pid) {
		return descriptors(pid).values().stream().filter((target) -> target.startsWith("socket:")).count();
	}

	/**
	 * Return the threads a process has.
	 * @param pid the process
	 * @return the first 15 characters of the name of each
	 */
	public static List<String> threads(long pid) {
		try (Stream<Path> tasks = Files.list(directory(pid).resolve("task"))) {
			// One that ends meanwhile has no name any more
			return tasks.map((task) -> read(task.resolve("comm")).strip()).filter((name) -> !name.isEmpty()).toList();
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	/**
	 * Return a process's resident memory.
	 * @param pid the process
	 * @return the size in KiB, or -1
	 */
	public static long rssKiB(long pid) {
		return read(pid, "status").lines()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
			.findFirst()
			.orElse(-1);
	}

	/**
	 * Return the processor time a process has used.
	 * @param pid the process
	 * @return the time in user and kernel mode, in milliseconds, or -1
	 */
	public static long cpuMillis(long pid) {
		List<String> stat = stat(pid);
		return stat.isEmpty() ? -1
				: (Long.parseLong(stat.get(USER_TIME)) + Long.parseLong(stat.get(SYSTEM_TIME))) * MILLIS_PER_TICK;
	}

	/**
	 * Return when a process was started. Together with the process id this is unique
	 * until the machine starts again.
	 * @param pid the process
	 * @return the time in ticks of 10 ms since the machine was started, or -1
	 */
	public static long startTime(long pid) {
		return statNumber(pid, START_TIME);
	}

	/**
	 * Return a process's parent.
	 * @param pid the process
	 * @return the process id, or -1
	 */
	public static long parent(long pid) {
		return statNumber(pid, PARENT);
	}

	/**
	 * Return whether a process has ended and was not reaped.
	 * @param pid the process
	 * @return whether it is a zombie
	 */
	public static boolean isZombie(long pid) {
		List<String> stat = stat(pid);
		return !stat.isEmpty() && stat.get(STATE).equals("Z");
	}

	/**
	 * Return whether a process exists and has not ended.
	 * @param pid the process
	 * @return whether it runs; not the case for a zombie
	 */
	public static boolean isRunning(long pid) {
		List<String> stat = stat(pid);
		return !stat.isEmpty() && !stat.get(STATE).equals("Z") && !stat.get(STATE).equals("X");
	}

	/**
	 * Return whether a process was stopped by a signal, and not continued. That takes a
	 * moment longer than to send the signal: a thread that runs goes on until it leaves
	 * the kernel, and may accept a connection meanwhile.
	 * @param pid the process
	 * @return whether every thread of it is stopped
	 */
	public static boolean isStopped(long pid) {
		try (Stream<Path> threads = Files.list(directory(pid).resolve("task"))) {
			return threads.map((thread) -> fields(read(thread.resolve("stat"))))
				.allMatch((stat) -> !stat.isEmpty() && stat.get(STATE).equals("T"));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Return the signals that a process ignores. A shell makes what it starts in the
	 * background ignore SIGINT, and so do all that come of that.
	 * @param pid the process
	 * @return the numbers of the signals that have no effect on the process
	 */
	public static List<Integer> ignored(long pid) {
		String mask = read(pid, "status").lines()
			.filter((line) -> line.startsWith("SigIgn:"))
			.findFirst()
			.orElseThrow()
			.substring("SigIgn:".length())
			.strip();
		long bits = Long.parseUnsignedLong(mask, 16);
		return IntStream.rangeClosed(1, Long.SIZE)
			.filter((signal) -> (bits >>> (signal - 1) & 1) == 1)
			.boxed()
			.toList();
	}

	/**
	 * Return the children that a process has not waited for.
	 * @param pid the process
	 * @return the zombies' process ids
	 */
	public static List<Long> zombiesOf(long pid) {
		return select((candidate) -> parent(candidate) == pid && isZombie(candidate), Long::valueOf);
	}

	/**
	 * Return the arguments a process was started with.
	 * @param pid the process
	 * @return the arguments, the program's name first
	 */
	public static List<String> commandLine(long pid) {
		return terminated(read(pid, "cmdline"));
	}

	/**
	 * Return the environment a process was started with.
	 * @param pid the process
	 * @return entries of the form {@code NAME=value}
	 */
	public static List<String> environment(long pid) {
		return terminated(read(pid, "environ"));
	}

	/**
	 * Return the running processes of our user that carry an entry in their environment.
	 * @param entry the entry, of the form {@code NAME=value}
	 * @return the processes
	 */
	static List<ProcessHandle> withEnvironment(String entry) {
		return select((pid) -> isOurs(pid) && isRunning(pid) && environment(pid).contains(entry), ProcessHandle::of)
			.stream()
			.flatMap((process) -> process.stream())
			.toList();
	}

	/**
	 * Return whether this process may look into another one: one of its user, or any if
	 * that is root, whose tests start some as other users.
	 */
	static boolean isOurs(long pid) {
		return Files.isReadable(directory(pid).resolve("environ"));
	}

	private static <T> List<T> select(LongPredicate filter, LongFunction<T> mapper) {
		try (Stream<Path> entries = Files.list(PROC)) {
			LongStream pids = entries.map((entry) -> entry.getFileName().toString())
				.filter((name) -> name.chars().allMatch(Character::isDigit))
				.mapToLong(Long::parseLong);
			return pids.filter(filter).mapToObj(mapper).toList();
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	private static long statNumber(long pid, int field) {
		List<String> stat = stat(pid);
		return stat.isEmpty() ? -1 : Long.parseLong(stat.get(field));
	}

	/** The program's name may contain anything, and ends at the last parenthesis. */
	private static List<String> stat(long pid) {
		return fields(read(pid, "stat"));
	}

	private static List<String> fields(String stat) {
		return stat.isEmpty() ? List.of() : List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
	}

	private static List<String> terminated(String text) {
		return text.isEmpty() ? List.of() : List.of(text.substring(0, text.length() - 1).split("\0", -1));
	}

	/**
	 * Return whether a process has a file in its memory.
	 * @param pid the process
	 * @param file the file
	 * @return whether it is mapped
	 */
	public static boolean hasMapped(long pid, Path file) {
		return read(pid, "maps").lines().anyMatch((line) -> line.endsWith(" " + file));
	}

	private static String read(long pid, String file) {
		return read(directory(pid).resolve(file));
	}

	private static String read(Path file) {
		try {
			return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return "";
		}
	}

	private static Path directory(long pid) {
		return PROC.resolve(Long.toString(pid));
	}

}
