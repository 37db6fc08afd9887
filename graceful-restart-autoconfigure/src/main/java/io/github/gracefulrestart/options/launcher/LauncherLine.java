package io.github.gracefulrestart.options.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import io.github.gracefulrestart.options.launcher.OptionText.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * A command line as the {@code java} launcher reads it.
 *
 * @param variable the arguments that {@code JDK_JAVA_OPTIONS} puts in front
 * @param arguments the arguments behind the executable
 * @param roles the role of each of their words, in order
 * @param program what is started, or {@code null} if nothing is
 * @param paths where classes and modules are looked for
 * @param refusal why nothing is started, or {@code null} if something is
 */
public record LauncherLine(List<Argument> variable, List<Argument> arguments, List<Role> roles,
		@Nullable Program program, SearchPaths paths, @Nullable LauncherRefusal refusal) {

	/**
	 * Read a command line: first, argument files are replaced by their content; then
	 * words that begin with a dash are options, and the next word is the program to
	 * start.
	 * @param arguments the arguments behind the executable
	 * @param variable what is in {@code JDK_JAVA_OPTIONS}
	 * @param files where they are looked up
	 * @param release the feature release of the JDK
	 */
	public static LauncherLine read(List<String> arguments, String variable, FileNames files, int release) {
		ArgumentExpansion expansion = new ArgumentExpansion(files);
		List<Argument> first = expansion.variable("JDK_JAVA_OPTIONS", OptionText.parse(variable, Syntax.VARIABLE));
		List<Argument> second = expansion.commandLine(arguments);
		List<String> words = Stream.concat(first.stream(), second.stream())
			.flatMap((argument) -> argument.words().stream())
			.toList();
		LauncherReader reader = new LauncherReader(words, release, (name) -> isSource(files.resolve(name)),
				(name) -> isArchive(files.resolve(name)));
		reader.read();
		LauncherRefusal refusal = expansion.refusal();
		return new LauncherLine(first, second, reader.roles(), reader.program(),
				new SearchPaths(reader.classPath(), reader.modulePaths()),
				(refusal != null) ? refusal : reader.refusal());
	}

	private static boolean isSource(@Nullable Path file) {
		return file != null && file.toString().endsWith(".java") && Files.exists(file);
	}

	private static boolean isArchive(@Nullable Path file) {
		if (file == null || !Files.isRegularFile(file)) {
			return false;
		}
		try (JarFile archive = new JarFile(file.toFile())) {
			return archive.getManifest() != null;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Where classes and modules are looked for.
	 *
	 * @param classPath the class path as it is written, or {@code null} if none is
	 * @param modulePaths each module path as it is written
	 */
	public record SearchPaths(@Nullable String classPath, List<String> modulePaths) {

	}

	/**
	 * What a word is.
	 */
	public enum Role {

		/**
		 * An option of the launcher or the JVM.
		 */
		OPTION,

		/**
		 * The value of the option before it.
		 */
		VALUE,

		/**
		 * The program to start, or one of its arguments: not meant for the JVM.
		 */
		APPLICATION

	}

}
