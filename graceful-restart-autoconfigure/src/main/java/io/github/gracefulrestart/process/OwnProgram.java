package io.github.gracefulrestart.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.gracefulrestart.posix.PlatformText;
import org.jspecify.annotations.Nullable;

/**
 * The program that this JVM runs in. Its name can be chosen freely by the process that
 * starts it ({@code exec -a shop java}), so the name is used as a path only if it leads
 * to the file that the kernel has executed; otherwise that file is used.
 *
 * @param file the path as the operator named it, so that a link is followed again, or the
 * path of the file that the kernel has executed
 * @param name the name by which the program was started, with a character for each byte
 * @param java whether it is the JDK's own launcher, so that JVM options can be found and
 * inserted among its arguments
 * @param problem why the program cannot be started again, or {@code null} if it can
 */
record OwnProgram(@Nullable Path file, String name, boolean java, @Nullable String problem) {

	private static final String JAVA = "java";

	private static final String FORKING = "jsvc";

	private static final String REMEDY = "Name a program that starts the service with graceful.restart.launch.command";

	/**
	 * Find out. To be called early, before links may be switched or files replaced.
	 * @param directory the working directory
	 * @param successor whether a predecessor has started this JVM
	 */
	static OwnProgram current(Path directory, boolean successor) {
		String name = "";
		Path run = null;
		try {
			name = new String(CommandLine.own().executable(), StandardCharsets.ISO_8859_1);
			run = Files.readSymbolicLink(Path.of("/proc/self/exe"));
		}
		catch (IOException | UnsupportedOperationException ex) {
			// Continue with what is known
		}
		Path named = named(name, directory, System.getenv("PATH"));
		return of(name, named, run, !successor && hasTwin(run));
	}

	/**
	 * Decide.
	 * @param name the name by which the program was started
	 * @param named the file that the name leads to, or {@code null} if there is none
	 * @param run the file that the kernel has executed, or {@code null} if it cannot be
	 * read
	 * @param twin whether the parent of this JVM runs the same command line
	 */
	static OwnProgram of(String name, @Nullable Path named, @Nullable Path run, boolean twin) {
		if (run == null) {
			return new OwnProgram(null, name, true,
					"the program that this JVM runs in is not known (" + name
							+ " is a name that its starter chose, and /proc/self/exe cannot be read). Name a JDK with "
							+ "graceful.restart.launch.java-home");
		}
		String fileName = fileName(run);
		boolean java = fileName.equals(JAVA);
		boolean forks = !java && (twin || fileName.startsWith(FORKING));
		return new OwnProgram((named != null && isSame(named, run)) ? named : run, name, java,
				forks ? "this JVM was started by " + run
						+ ", which runs it in a child process: started once more, that would "
						+ "be a second service instead of a successor. " + REMEDY : null);
	}

	/**
	 * Return the file of a program that has no problem.
	 */
	Path knownFile() {
		if (this.file == null) {
			throw new IllegalStateException("the program is not known");
		}
		return this.file;
	}

	/**
	 * Return why a setting that is meant for the JDK's launcher cannot be used.
	 */
	String notJava(String property) {
		return "graceful.restart.launch." + property + " is set, but this JVM was not started by java but by "
				+ this.file + ", which has arguments of its own. " + REMEDY + ", and remove the other property";
	}

	private static @Nullable Path named(String name, Path directory, @Nullable String searched) {
		Charset charset = PlatformText.charset();
		String text = new String(name.getBytes(StandardCharsets.ISO_8859_1), charset);
		try {
			if (text.contains("/")) {
				return directory.resolve(text);
			}
			return Stream.of(Objects.toString(searched, "").split(File.pathSeparator))
				.map((entry) -> directory.resolve(entry).resolve(text))
				.filter((candidate) -> Files.isRegularFile(candidate) && Files.isExecutable(candidate))
				.findFirst()
				.orElse(null);
		}
		catch (InvalidPathException ex) {
			return null;
		}
	}

	private static boolean isSame(Path one, Path other) {
		try {
			return Files.isSameFile(one, other);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static String fileName(Path file) {
		return Objects.toString(file.getFileName());
	}

	private static boolean hasTwin(@Nullable Path run) {
		String parent = ProcessHandle.current().parent().map((handle) -> "/proc/" + handle.pid()).orElse("");
		try {
			return run != null && !parent.isEmpty() && Files.isSameFile(Path.of(parent, "exe"), run)
					&& Files.readString(Path.of(parent, "cmdline"), StandardCharsets.ISO_8859_1)
						.equals(Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1));
		}
		catch (IOException ex) {
			return false;
		}
	}

}
