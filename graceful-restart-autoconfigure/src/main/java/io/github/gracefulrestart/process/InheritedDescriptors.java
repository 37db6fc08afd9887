package io.github.gracefulrestart.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The descriptors, beside the standard ones, that this JVM was started with because the
 * launch line opened them on purpose ({@code exec 9>lock; flock 9; exec java ...}). Its
 * successor gets them with the same numbers.
 * <p>
 * The kernel does not record which program has opened a descriptor, and the JDK does not
 * mark its own. But the kernel assigns the lowest free number, so a descriptor below the
 * first one that a JVM opens for itself is certainly inherited. So is one with a lock of
 * a kind that Java does not use, and one that the parent process has open as well. A pipe
 * counts as inherited if its number follows a gap that a JVM would have filled. Any other
 * file with a path that is not one of the JVM's own is assumed to be inherited at first.
 * If in fact the main method or an agent has opened it, the successor, which runs the
 * same code, opens it again, finds it twice, and no longer passes it on.
 */
final class InheritedDescriptors {

	private static final Path OWN = Path.of("/proc/self");

	private static final Set<String> DEVICES = Set.of("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom");

	private static final int CLOSE_ON_EXEC = 02000000;

	private static final int FIRST = 3;

	/** Numbers from here on may be used by the launch itself. */
	private static final int LAUNCH = 10;

	private final Map<Integer, Object> files;

	private InheritedDescriptors(Map<Integer, Object> files) {
		this.files = files;
	}

	/**
	 * Note which descriptors are open. To be called as early as possible.
	 * @return what each refers to, empty if it cannot be read
	 */
	static Map<Integer, String> open() {
		Map<Integer, String> open = new TreeMap<>();
		String[] entries = OWN.resolve("fd").toFile().list();
		for (String entry : (entries != null) ? entries : new String[0]) {
			int number = Integer.parseInt(entry);
			String target = target(OWN, number);
			// While the directory of descriptors is read, it is one of them
			if (number >= FIRST && !target.isEmpty() && !target.startsWith("/proc/")) {
				open.put(number, target);
			}
		}
		return open;
	}

	/**
	 * Find those of a JVM without a predecessor.
	 * @param early what was open early
	 */
	static InheritedDescriptors ofFirstGeneration(Map<Integer, String> early) {
		return new InheritedDescriptors(find(early, parent(), Integer.MAX_VALUE));
	}

	/**
	 * Find those of a successor.
	 * @param early what was open early
	 * @param listed the descriptors that its predecessor lists as passed on
	 * @param command whether a program of the operator was between the two, which may
	 * have opened more
	 */
	static InheritedDescriptors ofSuccessor(Map<Integer, String> early, @Nullable String listed, boolean command) {
		Map<Integer, Object> files = command ? find(early, null, LAUNCH) : new TreeMap<>();
		Set<String> own = ofTheJvm();
		List<Integer> passed = numbers(listed);
		int bound = firstOfTheJvm(early, own);
		for (Integer number : passed) {
			String target = early.get(number);
			Object key = (target != null && mayBeInherited(number, target, own)) ? key(number) : null;
			if (key != null && (number < bound || !isOpenedAgain(number, target, early, passed))) {
				files.put(number, key);
			}
		}
		return new InheritedDescriptors(files);
	}

	private static List<Integer> numbers(@Nullable String listed) {
		return (listed == null || listed.isEmpty()) ? List.of()
				: Stream.of(listed.split(",")).map(Integer::valueOf).toList();
	}

	/**
	 * Return whether this JVM has opened a file itself that was also passed to it in the
	 * same mode, because then its predecessor had opened it itself, too. The passed
	 * descriptor is not closed, because that would release the locks that this JVM has on
	 * the file.
	 */
	private static boolean isOpenedAgain(int number, @Nullable String target, Map<Integer, String> early,
			List<Integer> passed) {
		List<String> info = info(number);
		return !isLocked(info) && early.entrySet()
			.stream()
			.filter((entry) -> !passed.contains(entry.getKey()) && entry.getValue().equals(target))
			.anyMatch((entry) -> flags(info(entry.getKey())) == flags(info));
	}

	private static Map<Integer, Object> find(Map<Integer, String> early, @Nullable Path parent, int end) {
		Map<Integer, Object> files = new TreeMap<>();
		Set<String> own = ofTheJvm();
		int bound = firstOfTheJvm(early, own);
		int gap = FIRST;
		while (early.containsKey(gap)) {
			gap++;
		}
		for (Map.Entry<Integer, String> entry : early.entrySet()) {
			int number = entry.getKey();
			String target = entry.getValue();
			if (!mayBeInherited(number, target, own)) {
				continue;
			}
			boolean likely = target.startsWith("/") ? !isWrittenByTheJvm(number) : target.startsWith("pipe:")
					&& number > gap && early.values().stream().filter(target::equals).count() == 1;
			boolean inherited = (number < end && (number < bound || likely)) || isLocked(info(number))
					|| (parent != null && target.equals(target(parent, number)));
			Object key = inherited ? key(number) : null;
			if (key != null) {
				files.put(number, key);
			}
		}
		return files;
	}

	/**
	 * Return the number of the first jar of the class path or, if agents may have opened
	 * files before that, of the JDK's classes: a JVM opens all other files later.
	 */
	private static int firstOfTheJvm(Map<Integer, String> early, Set<String> own) {
		String modules = modules();
		int first = FIRST;
		for (Map.Entry<Integer, String> entry : early.entrySet()) {
			if (entry.getValue().equals(modules)) {
				first = entry.getKey();
			}
			else if (first > FIRST && own.contains(entry.getValue()) && !hasAgents()) {
				return entry.getKey();
			}
		}
		return first;
	}

	private static boolean hasAgents() {
		String options = Stream.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS")
			.map((name) -> Objects.toString(System.getenv(name), ""))
			.collect(Collectors.joining(" "));
		try {
			options += Files.readString(OWN.resolve("cmdline"), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return true;
		}
		// An argument file may contain any option
		return options.contains("-javaagent:") || options.contains("-agent") || options.contains("\0@");
	}

	private static String modules() {
		return System.getProperty("java.home") + "/lib/modules";
	}

	/**
	 * Return the entries of the class path, as the kernel names them.
	 */
	private static Set<String> ofTheJvm() {
		Set<String> own = new HashSet<>();
		for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
			try {
				own.add(Path.of(entry).toRealPath().toString());
			}
			catch (IOException | InvalidPathException ex) {
				// The JVM has not opened it either
			}
		}
		return own;
	}

	private static boolean mayBeInherited(int number, String target, Set<String> own) {
		return !isOfTheJvm(target, own) && !isClosedOnExec(info(number)) && target.equals(target(OWN, number));
	}

	/**
	 * A launch line opens its files before the JVM starts, which is later than the start
	 * of the process if a shell became the JVM. If a file has been written to since then,
	 * but not through this descriptor, other processes have written to it.
	 */
	private static boolean isWrittenByTheJvm(int number) {
		try {
			Path file = OWN.resolve("fd").resolve(String.valueOf(number));
			BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
			return attributes.isRegularFile() && (attributes.size() == 0 || field(info(number), "pos:", 10) > 0)
					&& attributes.lastModifiedTime()
						.toInstant()
						.isAfter(Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static boolean isOfTheJvm(String target, Set<String> own) {
		return own.contains(target) || target.startsWith(System.getProperty("java.home") + "/")
				|| target.endsWith(".jar") || target.startsWith("anon_inode:") || DEVICES.contains(target)
				|| target.contains("/hsperfdata_");
	}

	private static boolean isClosedOnExec(List<String> info) {
		return (flags(info) & CLOSE_ON_EXEC) != 0;
	}

	private static long flags(List<String> info) {
		return field(info, "flags:", 8);
	}

	private static long field(List<String> info, String name, int radix) {
		return info.stream()
			.filter((line) -> line.startsWith(name))
			.mapToLong((line) -> Long.parseLong(line.substring(name.length()).strip(), radix))
			.findFirst()
			.orElse(0);
	}

	/**
	 * Java locks files with {@code fcntl}, which the kernel lists as POSIX.
	 */
	private static boolean isLocked(List<String> info) {
		return info.stream()
			.anyMatch((line) -> line.startsWith("lock:") && (line.contains(" FLOCK ") || line.contains(" OFDLCK ")));
	}

	private static List<String> info(int number) {
		try (Stream<String> lines = Files.lines(OWN.resolve("fdinfo").resolve(String.valueOf(number)))) {
			return lines.toList();
		}
		catch (IOException | UncheckedIOException ex) {
			return List.of();
		}
	}

	private static @Nullable Path parent() {
		return ProcessHandle.current()
			.parent()
			.map((handle) -> Path.of("/proc", String.valueOf(handle.pid())))
			.orElse(null);
	}

	private static String target(Path process, int number) {
		try {
			return Files.readSymbolicLink(process.resolve("fd").resolve(String.valueOf(number))).toString();
		}
		catch (IOException ex) {
			return "";
		}
	}

	private static @Nullable Object key(int number) {
		try {
			Path file = OWN.resolve("fd").resolve(String.valueOf(number));
			return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Return the numbers of those that still refer to the same file as early on: the
	 * application may close descriptors that it does not know.
	 */
	List<Integer> present() {
		return this.files.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(key(entry.getKey())))
			.map(Map.Entry::getKey)
			.toList();
	}

	@Override
	public String toString() {
		return this.files.keySet().stream().map(String::valueOf).collect(Collectors.joining(","));
	}

}
