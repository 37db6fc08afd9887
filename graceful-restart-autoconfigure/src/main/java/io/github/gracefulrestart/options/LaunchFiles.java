package io.github.gracefulrestart.options;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.gracefulrestart.options.ArgumentScanner.Role;
import io.github.gracefulrestart.options.OptionText.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files that a command line names, as a process in a given directory would find
 * them.
 *
 * @since 0.1.0
 */
public final class LaunchFiles {

	private static final String AGENT = "-javaagent:";

	private static final String NATIVE_AGENT = "-agentpath:";

	private static final String OPTIONS_FILE = "-XX:VMOptionsFile=";

	private final Path workingDirectory;

	private final Charset charset;

	private final Set<Path> known;

	private final List<LaunchFile> files = new ArrayList<>();

	private @Nullable String classPath;

	private boolean jar;

	/**
	 * Create a finder.
	 * @param workingDirectory where the process starts
	 * @param charset in which arguments name files
	 * @param known the entries of the class path that must be there
	 */
	public LaunchFiles(Path workingDirectory, Charset charset, Set<Path> known) {
		this.workingDirectory = workingDirectory;
		this.charset = charset;
		this.known = known;
	}

	/**
	 * Find the files.
	 * @param arguments the arguments of the launcher, a character for each byte
	 * @param environment the environment of the process
	 * @return the files, whether they exist or not
	 */
	public List<LaunchFile> find(List<String> arguments, Map<String, String> environment) {
		scan(options(environment, "JDK_JAVA_OPTIONS"), new ArgumentScanner(), true);
		options(environment, "JAVA_TOOL_OPTIONS").forEach(this::option);
		options(environment, "_JAVA_OPTIONS").forEach(this::option);
		scan(arguments, new ArgumentScanner(), true);
		String entries = (this.classPath != null) ? this.classPath : bytes(environment.getOrDefault("CLASSPATH", ""));
		if (!this.jar) {
			classPath(entries);
		}
		return List.copyOf(this.files);
	}

	private List<String> options(Map<String, String> environment, String name) {
		return OptionText.parse(bytes(environment.getOrDefault(name, "")), Syntax.VARIABLE).values();
	}

	private String bytes(String text) {
		return new String(text.getBytes(this.charset), StandardCharsets.ISO_8859_1);
	}

	private void scan(List<String> arguments, ArgumentScanner scanner, boolean readFiles) {
		for (String argument : arguments) {
			Role role = scanner.next(argument);
			if (role == Role.OPTION) {
				option(argument);
			}
			else if (role == Role.CLASS_PATH) {
				this.classPath = argument;
			}
			else if (role == Role.MODULE_PATH) {
				classPath(argument);
			}
			else if (role == Role.JAR) {
				this.jar = true;
				add(argument, LaunchFile.Role.JAR);
			}
			else if (role == Role.ARGUMENT_FILE && readFiles) {
				Path file = add(argument.substring(1), LaunchFile.Role.ARGUMENTS);
				scan(read(file), scanner, false);
			}
		}
	}

	private static List<String> read(@Nullable Path file) {
		try {
			return (file != null)
					? OptionText.parse(Files.readString(file, StandardCharsets.ISO_8859_1), Syntax.ARGUMENT_FILE)
						.values()
					: List.of();
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	private void option(String option) {
		if (option.startsWith(AGENT)) {
			add(untilEquals(option.substring(AGENT.length())), LaunchFile.Role.AGENT);
		}
		else if (option.startsWith(NATIVE_AGENT)) {
			add(untilEquals(option.substring(NATIVE_AGENT.length())), LaunchFile.Role.NATIVE_AGENT);
		}
		else if (option.startsWith(OPTIONS_FILE)) {
			add(option.substring(OPTIONS_FILE.length()), LaunchFile.Role.ARGUMENTS);
		}
		else if (option.startsWith("--class-path=")) {
			this.classPath = untilEnd(option);
		}
		else if (option.startsWith("--module-path=")) {
			classPath(untilEnd(option));
		}
	}

	private static String untilEquals(String text) {
		int equals = text.indexOf('=');
		return (equals < 0) ? text : text.substring(0, equals);
	}

	private static String untilEnd(String option) {
		return option.substring(option.indexOf('=') + 1);
	}

	private void classPath(String entries) {
		for (String entry : entries.split(File.pathSeparator)) {
			boolean wildcard = entry.equals("*") || entry.endsWith("/*");
			Path path = resolve(wildcard ? entry.substring(0, entry.length() - 1) : entry);
			if (entry.isEmpty() || path == null) {
				continue;
			}
			this.files.add(new LaunchFile(path, LaunchFile.Role.CLASS_PATH, this.known.contains(path)));
			if (wildcard) {
				jarsIn(path);
			}
		}
	}

	private void jarsIn(Path directory) {
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory,
				(entry) -> entry.toString().toLowerCase(Locale.ROOT).endsWith(".jar"))) {
			entries.forEach((entry) -> this.files.add(new LaunchFile(entry, LaunchFile.Role.CLASS_PATH, true)));
		}
		catch (IOException ex) {
			// Its absence is noticed with the directory itself
		}
	}

	private @Nullable Path add(String name, LaunchFile.Role role) {
		Path path = resolve(name);
		if (path != null) {
			this.files.add(new LaunchFile(path, role, true));
		}
		return path;
	}

	private @Nullable Path resolve(String name) {
		String text = new String(name.getBytes(StandardCharsets.ISO_8859_1), this.charset);
		try {
			// A name that the charset does not know cannot be looked up from here
			boolean exact = new String(text.getBytes(this.charset), StandardCharsets.ISO_8859_1).equals(name);
			return exact ? this.workingDirectory.resolve(text) : null;
		}
		catch (InvalidPathException ex) {
			return null;
		}
	}

}
