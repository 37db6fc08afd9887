package io.github.gracefulrestart.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.testsupport.FileTree;
import io.github.gracefulrestart.testsupport.OrdinaryProcess;

/**
 * The sample application in the form in which it starts fastest: extracted by Spring
 * Boot's own tool, with an archive of its classes. That takes a third of the time.
 */
public final class SampleApplication {

	private static final int PATIENCE_SECONDS = 600;

	private final Path directory;

	private SampleApplication(Path directory) {
		this.directory = directory;
	}

	/**
	 * Return the application as it was built. It is extracted once for all tests, none of
	 * which may change it.
	 * @return the application
	 */
	public static SampleApplication get() {
		return Holder.INSTANCE;
	}

	/**
	 * Return the jar of the sample application.
	 * @return the jar as it was built
	 */
	public static Path executableJar() {
		return Path.of(System.getProperty("sample.jar", "../sample-app/target/sample-app.jar"));
	}

	/**
	 * Extract the application, for a test that wants to change it.
	 * @param name the name of a directory below {@code target}
	 * @return the application, without an archive of its classes
	 * @throws IOException if files cannot be written
	 */
	public static SampleApplication extract(String name) throws IOException {
		Path directory = Path.of("target", "it", name).toAbsolutePath();
		FileTree.deleteRecursively(directory);
		Files.createDirectories(directory.getParent());
		java("-Djarmode=tools", "-jar", executableJar().toString(), "extract", "--destination", directory.toString());
		return new SampleApplication(directory);
	}

	/**
	 * Write the archive of classes, which is valid as long as the application does not
	 * change.
	 * @return this application
	 * @throws IOException if files cannot be written
	 */
	public SampleApplication archiveClasses() throws IOException {
		archiveClasses(archive(), "-jar", jar().toString());
		return this;
	}

	/**
	 * Write an archive of classes.
	 * @param archive the file
	 * @param application what the command line of the application is
	 * @throws IOException if files cannot be written
	 */
	static void archiveClasses(Path archive, String... application) throws IOException {
		List<String> arguments = new ArrayList<>(SampleService.JVM_ARGUMENTS);
		arguments.addAll(List.of("-XX:ArchiveClassesAtExit=" + archive, "-Dspring.context.exit=onRefresh"));
		arguments.addAll(List.of(application));
		arguments.add("--server.port=0");
		java(arguments.toArray(String[]::new));
	}

	/**
	 * Return what {@code java -jar} takes.
	 * @return the jar, which names its libraries in its manifest
	 */
	public Path jar() {
		return this.directory.resolve("sample-app.jar");
	}

	/**
	 * Return the archive of classes.
	 * @return the file, which need not be there
	 */
	public Path archive() {
		return this.directory.resolve("classes.jsa");
	}

	/**
	 * Return where everything is.
	 * @return the directory with the jar and a directory {@code lib}
	 */
	public Path directory() {
		return this.directory;
	}

	private static void java(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		command.addAll(List.of(arguments));
		Path output = Files.createTempFile("it-", ".log");
		try {
			Process process = OrdinaryProcess.builder(command)
				.redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
				process.destroyForcibly();
				throw new AssertionError(command + " failed:\n" + Files.readString(output));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
		finally {
			Files.delete(output);
		}
	}

	/**
	 * Made when it is first used.
	 */
	private static final class Holder {

		static final SampleApplication INSTANCE = make();

		private static SampleApplication make() {
			try {
				return extract("application").archiveClasses();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
