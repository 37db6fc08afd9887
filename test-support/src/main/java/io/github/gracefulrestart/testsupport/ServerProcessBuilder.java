package io.github.gracefulrestart.testsupport;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What {@link ServerProcess} is to start, and how.
 */
public final class ServerProcessBuilder {

	private final List<String> command;

	private final boolean isJava;

	private final List<String> jvmArguments = new ArrayList<>();

	private final List<String> jarArguments = new ArrayList<>();

	private final List<String> arguments = new ArrayList<>();

	private final Map<String, String> environment = new LinkedHashMap<>();

	private Path java = Path.of(System.getProperty("java.home"), "bin", "java");

	private Path directory = Path.of("").toAbsolutePath();

	private Path output = Path.of("target", "server.log");

	private UnaryOperator<List<String>> launcher = UnaryOperator.identity();

	private boolean tls;

	ServerProcessBuilder(List<String> command, boolean isJava) {
		this.command = command;
		this.isJava = isJava;
	}

	/**
	 * Set the {@code java} to use instead of that of this JVM.
	 * @param executable the executable
	 * @return this builder
	 */
	public ServerProcessBuilder java(Path executable) {
		this.java = executable;
		return this;
	}

	/**
	 * Add arguments to the JVM.
	 * @param arguments the arguments
	 * @return this builder
	 */
	public ServerProcessBuilder jvmArgs(String... arguments) {
		this.jvmArguments.addAll(List.of(arguments));
		return this;
	}

	/**
	 * Add arguments to the JVM between {@code -jar} and the jar.
	 * @param arguments the arguments
	 * @return this builder
	 */
	public ServerProcessBuilder behindJar(String... arguments) {
		this.jarArguments.addAll(List.of(arguments));
		return this;
	}

	/**
	 * Add arguments to the application.
	 * @param arguments the arguments
	 * @return this builder
	 */
	public ServerProcessBuilder args(String... arguments) {
		this.arguments.addAll(List.of(arguments));
		return this;
	}

	/**
	 * Set the working directory.
	 * @param directory the directory
	 * @return this builder
	 */
	public ServerProcessBuilder directory(Path directory) {
		this.directory = directory;
		return this;
	}

	/**
	 * Add an environment variable.
	 * @param name its name
	 * @param value its value
	 * @return this builder
	 */
	public ServerProcessBuilder environment(String name, String value) {
		this.environment.put(name, value);
		return this;
	}

	/**
	 * Set the file that output is appended to; {@code target/server.log} unless set.
	 * @param output the file
	 * @return this builder
	 */
	public ServerProcessBuilder output(Path output) {
		this.output = output;
		return this;
	}

	/**
	 * Let another program start the server, such as a terminal.
	 * @param launcher makes its command line of that of the server
	 * @return this builder
	 */
	public ServerProcessBuilder launcher(UnaryOperator<List<String>> launcher) {
		this.launcher = launcher;
		return this;
	}

	/**
	 * Talk TLS to the server.
	 * @return this builder
	 */
	public ServerProcessBuilder tls() {
		this.tls = true;
		return this;
	}

	/**
	 * Start it.
	 * @return the running process
	 */
	public ServerProcess start() {
		ProcessFamily family = new ProcessFamily();
		File file = this.output.toFile();
		ProcessBuilder builder = OrdinaryProcess.builder(commandLine())
			.directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(file));
		builder.environment().putAll(this.environment);
		builder.environment().put(ProcessFamily.MARK_NAME, family.mark());
		try {
			Files.createDirectories(this.output.toAbsolutePath().getParent());
			Process process = builder.start();
			family.add(process.toHandle());
			return new ServerProcess(family, process, this.output, this.tls);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private List<String> commandLine() {
		List<String> result = new ArrayList<>();
		if (this.isJava) {
			result.add(this.java.toString());
		}
		result.addAll(this.jvmArguments);
		result.addAll(this.command);
		result.addAll(result.size() - 1, this.jarArguments);
		result.addAll(this.arguments);
		return this.launcher.apply(result);
	}

}
