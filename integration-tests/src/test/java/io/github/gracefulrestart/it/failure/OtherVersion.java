package io.github.gracefulrestart.it.failure;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import io.github.gracefulrestart.it.SampleApplication;
import io.github.gracefulrestart.testsupport.FileTree;

/**
 * The sample application with another version of the library: its present sources, but
 * for some lines.
 */
final class OtherVersion {

	private static final String PACKAGE = "io/github/gracefulrestart/";

	private static final Path SOURCES = Path
		.of(System.getProperty("library.sources", "../graceful-restart-autoconfigure/src/main/java"));

	private final Path directory;

	private final Path changed;

	private OtherVersion(Path directory, Path changed) {
		this.directory = directory;
		this.changed = changed;
	}

	/**
	 * The next version, with every change that is allowed beside a predecessor or
	 * successor of this version: it has a new protocol version and feature, appends
	 * fields to messages and variables, sends an unknown message after each other one,
	 * and sets a new variable.
	 * @return where the application is
	 */
	static Path next() throws IOException {
		return build("application-next", (next) -> {
			next.edit("handover/Dialect", "int VERSION = 1;", "int VERSION = 2;");
			next.edit("handover/Dialect", "FEATURES = List.of();", "FEATURES = List.of(\"next\");");
			next.edit("handover/Frame", "byte[] fields = fields(message);",
					"byte[] known = fields(message); byte[] fields = java.util.Arrays.copyOf(known, known.length + 9);");
			next.edit("handover/Frame", "return frame.flip();", """
					ByteBuffer both = ByteBuffer.allocateDirect(frame.capacity() + HEADER_LENGTH + 3);
					both.put(frame.flip()).putInt(MAGIC).putShort((short) version).put((byte) 0xd5).putInt(3);
					return both.put(new byte[] { 1, 2, 3 }).flip();""");
			next.edit("process/SuccessorFlag", "return variables;",
					"variables.put(\"GRACEFUL_RESTART_NEXT\", this.token); return variables;");
			next.edit("process/OriginalLaunch", "+ encode(program.name());",
					"+ encode(program.name()) + \",6d6f7265\";");
			next.edit("posix/ChildDescriptors", "String.join(\" \", this.pipes);",
					"String.join(\" \", this.pipes) + \" more\";");
			next.edit("handover/SpareListeners", "+ encode(listener.address()))",
					"+ encode(listener.address()) + \"=more\")");
		});
	}

	/**
	 * A version that has forgotten this one.
	 * @return where the application is
	 */
	static Path ninth() throws IOException {
		return build("application-ninth", (ninth) -> {
			ninth.edit("handover/Dialect", "int VERSION = 1;", "int VERSION = 9;");
			ninth.edit("handover/Dialect", "int OLDEST = 1;", "int OLDEST = 9;");
		});
	}

	private static Path build(String name, Edits edits) throws IOException {
		Path directory = SampleApplication.extract(name).directory();
		Path changed = Files.createTempDirectory("it-");
		try {
			OtherVersion version = new OtherVersion(directory, changed);
			edits.make(version);
			version.compile();
			return directory;
		}
		finally {
			FileTree.deleteRecursively(changed);
		}
	}

	private void edit(String type, String from, String to) throws IOException {
		String file = PACKAGE + type + ".java";
		Path edited = this.changed.resolve(file);
		String source = Files.readString(Files.exists(edited) ? edited : SOURCES.resolve(file));
		if (source.split(Pattern.quote(from), -1).length != 2) {
			throw new AssertionError("'" + from + "' is not once in " + file);
		}
		Files.createDirectories(edited.getParent());
		Files.writeString(edited, source.replace(from, to));
	}

	/**
	 * The constants of the control socket's package are in its other classes, too.
	 */
	private void compile() throws IOException {
		Path classes = Files.createDirectory(this.changed.resolve("classes"));
		List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp",
				libraries().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))));
		try (Stream<Path> edited = Files.walk(this.changed);
				Stream<Path> handover = Files.list(SOURCES.resolve(PACKAGE + "handover"))) {
			edited.filter((file) -> file.toString().endsWith(".java")).map(Path::toString).forEach(arguments::add);
			handover.filter((file) -> !Files.exists(this.changed.resolve(SOURCES.relativize(file))))
				.map(Path::toString)
				.forEach(arguments::add);
		}
		if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)) != 0) {
			throw new AssertionError("The library could not be compiled");
		}
		Path library = libraries().stream()
			.filter((file) -> file.getFileName().toString().startsWith("graceful-restart-autoconfigure"))
			.findFirst()
			.orElseThrow();
		try (FileSystem jar = FileSystems.newFileSystem(library); Stream<Path> compiled = Files.walk(classes)) {
			for (Path file : compiled.filter(Files::isRegularFile).toList()) {
				Files.write(jar.getPath(classes.relativize(file).toString()), Files.readAllBytes(file));
			}
		}
	}

	private List<Path> libraries() throws IOException {
		try (Stream<Path> libraries = Files.list(this.directory.resolve("lib"))) {
			return libraries.toList();
		}
	}

	/**
	 * What makes the difference.
	 */
	@FunctionalInterface
	private interface Edits {

		void make(OtherVersion version) throws IOException;

	}

}
