package io.github.gracefulrestart.options;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.github.gracefulrestart.options.launcher.Argument;
import io.github.gracefulrestart.options.launcher.FileNames;
import io.github.gracefulrestart.options.launcher.LauncherLine;
import io.github.gracefulrestart.options.launcher.OptionsFile;
import io.github.gracefulrestart.options.launcher.Program;
import io.github.gracefulrestart.options.launcher.VmOptions;

/**
 * Finds the files that a command line names, as seen from a given directory.
 */
public final class LaunchFiles {

	private static final String AGENT = "-javaagent:";

	private static final String NATIVE_AGENT = "-agentpath:";

	private final FileNames names;

	private final int release;

	private final Set<Path> known;

	private final List<LaunchFile> files = new ArrayList<>();

	/**
	 * Create a finder.
	 * @param workingDirectory where the process starts
	 * @param charset in which arguments name files
	 * @param release the feature release of its JDK
	 * @param known the entries of the class path that must be there
	 */
	public LaunchFiles(Path workingDirectory, Charset charset, int release, Set<Path> known) {
		this.names = new FileNames(workingDirectory, charset);
		this.release = release;
		this.known = known;
	}

	/**
	 * Find the files.
	 * @param arguments the arguments of the launcher, a character for each byte
	 * @param environment the environment of the process
	 * @return the files, whether they exist or not
	 */
	public List<LaunchFile> find(List<String> arguments, Map<String, String> environment) {
		LauncherLine line = LauncherLine.read(arguments,
				this.names.bytes(environment.getOrDefault("JDK_JAVA_OPTIONS", "")), this.names, this.release);
		Stream.concat(line.variable().stream(), line.arguments().stream())
			.map(Argument::file)
			.filter(Objects::nonNull)
			.forEach((file) -> this.files.add(new LaunchFile(file, LaunchFile.Role.ARGUMENTS, true)));
		VmOptions.of(line, environment, this.names).all().forEach(this::option);
		line.paths().modulePaths().forEach((path) -> entries(path, false));
		Program program = line.program();
		if (program != null && program.kind() == Program.Kind.JAR) {
			add(program.name(), LaunchFile.Role.JAR);
		}
		else {
			String written = line.paths().classPath();
			entries((written != null) ? written : this.names.bytes(environment.getOrDefault("CLASSPATH", "")), true);
		}
		if (program != null && program.kind() == Program.Kind.SOURCE) {
			add(program.name(), LaunchFile.Role.SOURCE);
		}
		return List.copyOf(this.files);
	}

	private void option(String option) {
		OptionsFile kind = OptionsFile.of(option);
		if (option.startsWith(AGENT)) {
			add(untilEquals(option.substring(AGENT.length())), LaunchFile.Role.AGENT);
		}
		else if (option.startsWith(NATIVE_AGENT)) {
			add(untilEquals(option.substring(NATIVE_AGENT.length())), LaunchFile.Role.NATIVE_AGENT);
		}
		else if (kind != null) {
			add(kind.name(option), LaunchFile.Role.ARGUMENTS);
		}
	}

	private static String untilEquals(String text) {
		int equals = text.indexOf('=');
		return (equals < 0) ? text : text.substring(0, equals);
	}

	/**
	 * The launcher replaces a wildcard by all jars of a directory, unless there is a file
	 * of that name.
	 */
	private void entries(String entries, boolean wildcards) {
		for (String entry : entries.split(File.pathSeparator)) {
			Path named = this.names.resolve(entry);
			boolean wildcard = wildcards && (entry.equals("*") || entry.endsWith("/*"))
					&& (named == null || !Files.exists(named));
			Path path = wildcard ? this.names.resolve(entry.substring(0, entry.length() - 1)) : named;
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
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, LaunchFiles::isJar)) {
			entries.forEach((entry) -> this.files.add(new LaunchFile(entry, LaunchFile.Role.CLASS_PATH, true)));
		}
		catch (IOException ex) {
			// A directory that is missing is reported by the check of the directory
			// itself
		}
	}

	private static boolean isJar(Path entry) {
		return entry.toString().endsWith(".jar") || entry.toString().endsWith(".JAR");
	}

	private void add(String name, LaunchFile.Role role) {
		Path path = this.names.resolve(name);
		if (path != null) {
			this.files.add(new LaunchFile(path, role, true));
		}
	}

}
