package io.github.gracefulrestart.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import io.github.gracefulrestart.testsupport.FileTree;
import io.github.gracefulrestart.testsupport.ServerProcess;
import io.github.gracefulrestart.testsupport.ServerProcessBuilder;

/**
 * What a {@link SampleService} is started from, and how.
 *
 * @param <B> the type of the builder
 */
public abstract class ServiceSettings<B extends ServiceSettings<B>> {

	private static final String COPY = "app.jar";

	private static final String PROBATION = "--graceful.restart.probation=";

	private final Path directory;

	private Path workingDirectory;

	private final List<String> jvmArguments = new ArrayList<>(SampleService.JVM_ARGUMENTS);

	private final List<String> arguments = new ArrayList<>();

	private UnaryOperator<ServerProcessBuilder> customizer = UnaryOperator.identity();

	private String jar;

	private ServerProcessBuilder program;

	private String readiness = "/actuator/health/readiness";

	private int port = -1;

	private boolean tls;

	private boolean defaultProbation;

	ServiceSettings(String name) {
		this.directory = Path.of("target", "it", name).toAbsolutePath();
		this.workingDirectory = this.directory;
		// What an earlier run has left would take part in this one
		FileTree.deleteRecursively(this.directory);
	}

	/**
	 * Add arguments to the application.
	 * @param arguments the arguments
	 * @return this builder
	 */
	public B args(String... arguments) {
		this.arguments.addAll(List.of(arguments));
		return self();
	}

	/**
	 * Add arguments to the JVM.
	 * @param arguments the arguments
	 * @return this builder
	 */
	public B jvmArgs(String... arguments) {
		this.jvmArguments.addAll(List.of(arguments));
		return self();
	}

	/**
	 * Set the server port that clients use, without telling the application.
	 * @param port the port, or 0 to take what the application says when it has started
	 * @return this builder
	 */
	public B port(int port) {
		this.port = port;
		return self();
	}

	/**
	 * Name the jar as the command line shall, relative to the working directory. The
	 * caller puts it there.
	 * @param jar the path
	 * @return this builder
	 */
	public B jar(String jar) {
		this.jar = jar;
		return self();
	}

	/**
	 * Start from a copy of the executable jar in the working directory, as
	 * {@code app.jar}.
	 * @return this builder
	 */
	public B copyOfJar() {
		return jar(COPY);
	}

	/**
	 * Start an application that was extracted.
	 * @param application the application
	 * @return this builder
	 */
	public B application(SampleApplication application) {
		return jar(application.jar().toString()).jvmArgs("-XX:SharedArchiveFile=" + application.archive());
	}

	/**
	 * Start another application, from the class path of this JVM.
	 * @param mainClass its main class
	 * @return this builder
	 */
	public B main(Class<?> mainClass) {
		ArchivedClassPath archived = ArchivedClassPath.of(mainClass);
		return java("-cp", archived.classPath(), mainClass.getName())
			.jvmArgs("-XX:SharedArchiveFile=" + archived.archive());
	}

	/**
	 * Start whatever {@code java} is told to.
	 * @param what a class path and main class, for example
	 * @return this builder
	 */
	public B java(String... what) {
		this.program = ServerProcess.java(what);
		return self();
	}

	/**
	 * Put the health endpoint on a port of its own, but leave the question whether the
	 * application is ready on the server port.
	 * @param managementPort the port
	 * @return this builder
	 */
	public B managementPort(int managementPort) {
		this.readiness = "/readyz";
		return args("--sample.management-port=" + managementPort,
				"--management.endpoint.health.probes.add-additional-paths=true");
	}

	/**
	 * Start in another directory.
	 * @param directory the path, relative to the service's own directory
	 * @return this builder
	 */
	public B workingDirectory(String directory) {
		this.workingDirectory = this.directory.resolve(directory);
		return self();
	}

	/**
	 * Leave probation as long as it is by default.
	 * @return this builder
	 */
	public B defaultProbation() {
		this.defaultProbation = true;
		return self();
	}

	/**
	 * Talk TLS to the service.
	 * @return this builder
	 */
	public B tls() {
		this.tls = true;
		return self();
	}

	/**
	 * Change how the process is started.
	 * @param customizer what to change
	 * @return this builder
	 */
	public B process(UnaryOperator<ServerProcessBuilder> customizer) {
		this.customizer = customizer;
		return self();
	}

	/**
	 * Return the service's own directory, to put files in before it is started.
	 * @return the directory, empty but for what the caller put there
	 */
	public Path directory() {
		try {
			Files.createDirectories(this.directory);
			return this.directory;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	abstract B self();

	/**
	 * Complete what was not said.
	 */
	void complete() {
		if (this.program == null && this.jar == null) {
			application(SampleApplication.get());
		}
		if (this.port < 0) {
			this.port = SampleService.freePort();
			this.arguments.add("--server.port=" + this.port);
		}
		if (!this.defaultProbation && this.arguments.stream().noneMatch((argument) -> argument.startsWith(PROBATION))) {
			// Otherwise each restart would take ten seconds longer
			this.arguments.add(PROBATION + "0s");
		}
	}

	/**
	 * Start the first process.
	 * @param temporary the directory for its temporary files
	 * @return the running process
	 * @throws IOException if files cannot be written
	 */
	ServerProcess startProcess(Path temporary) throws IOException {
		Path output = directory().resolve("output.log");
		Files.deleteIfExists(output);
		if (COPY.equals(this.jar) && !Files.exists(this.workingDirectory.resolve(COPY))) {
			Files.copy(SampleApplication.executableJar(), this.workingDirectory.resolve(COPY));
		}
		ServerProcessBuilder builder = ((this.program != null) ? this.program : ServerProcess.jar(Path.of(this.jar)))
			.directory(this.workingDirectory)
			.environment("PWD", this.workingDirectory.toString())
			.output(output)
			.jvmArgs("-Djava.io.tmpdir=" + temporary)
			.jvmArgs(this.jvmArguments.toArray(String[]::new))
			.args(this.arguments.toArray(String[]::new));
		if (this.tls) {
			builder.tls();
		}
		return this.customizer.apply(builder).start();
	}

	int port() {
		return this.port;
	}

	String readiness() {
		return this.readiness;
	}

	boolean isTls() {
		return this.tls;
	}

}
