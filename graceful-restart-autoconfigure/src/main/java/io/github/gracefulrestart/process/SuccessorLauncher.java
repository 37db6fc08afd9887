package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Launches the successor: the command line, working directory and environment of this JVM
 * once more, so that whatever jar, configuration and JDK now lie on disk take effect.
 *
 * @since 0.1.0
 */
public final class SuccessorLauncher {

	/**
	 * Where HotSpot keeps the number of the signal that it suspends threads with; with
	 * the default, {@code SIGUSR2}, a flight recording would look like a restart storm.
	 */
	private static final String SUSPEND_SIGNAL = "_JAVA_SR_SIGNUM";

	private static final String FREE_REALTIME_SIGNAL = "50";

	/**
	 * The executable that the first generation was started with, in hexadecimal, and how
	 * many JVM arguments were inserted behind it: so that a setting that is taken away
	 * takes its effect away.
	 */
	private static final String ORIGINAL_EXECUTABLE = "GRACEFUL_RESTART_EXECUTABLE";

	private static final String INSERTED_ARGUMENTS = "GRACEFUL_RESTART_INSERTED_ARGUMENTS";

	private static final String FILE_VARIABLES = "GRACEFUL_RESTART_FILE_VARIABLES";

	private final LaunchSettings settings;

	private final WorkingDirectory workingDirectory;

	/**
	 * Create a launcher.
	 * @param settings how the successor's start differs from this JVM's
	 * @param workingDirectory where this JVM was started
	 */
	public SuccessorLauncher(LaunchSettings settings, WorkingDirectory workingDirectory) {
		this.settings = settings;
		this.workingDirectory = workingDirectory;
	}

	/**
	 * Check what can be checked without launching.
	 * @throws LaunchException if a launch would fail, with the reason
	 */
	public void check() throws LaunchException {
		this.workingDirectory.forSuccessor();
		if (this.settings.environmentFile() != null) {
			EnvironmentFile.read(this.settings.environmentFile());
		}
		Path executable = executablePath();
		if (executable != null && !Files.isExecutable(executable)) {
			throw new LaunchException("the Java executable " + executable + " does not exist or is not executable",
					null);
		}
	}

	/**
	 * Launch the successor.
	 * @param flag what the successor needs to know
	 * @param scratch a directory that only this user may enter and that lasts until the
	 * successor has connected
	 * @return the running process
	 * @throws LaunchException if nothing could be started
	 */
	public SuccessorProcess launch(SuccessorFlag flag, Path scratch) throws LaunchException {
		check();
		try {
			Charset charset = platformCharset();
			CommandLine own = CommandLine.own();
			Map<String, String> inherited = System.getenv();
			byte[] original = originalExecutable(own, inherited);
			int inserted = Integer.parseInt(inherited.getOrDefault(INSERTED_ARGUMENTS, "0"));
			CommandLine command = own.with(executable(original), inserted, this.settings.jvmArguments(), charset);
			ProcessBuilder builder = new ProcessBuilder(toCommand(command, charset, scratch));
			builder.directory(this.workingDirectory.forSuccessor().toFile());
			builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
			Map<String, String> environment = builder.environment();
			environment.putAll(flag.toEnvironment());
			environment.putIfAbsent(SUSPEND_SIGNAL, FREE_REALTIME_SIGNAL);
			environment.put(ORIGINAL_EXECUTABLE, HexFormat.of().formatHex(original));
			environment.put(INSERTED_ARGUMENTS, String.valueOf(this.settings.jvmArguments().size()));
			addFileVariables(environment);
			return new SuccessorProcess(builder.start());
		}
		catch (LaunchException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new LaunchException("the successor could not be started: " + ex.getMessage(), ex);
		}
	}

	private List<String> toCommand(CommandLine command, Charset charset, Path scratch) throws IOException {
		if (command.survives(charset)) {
			return command.decode(charset);
		}
		Path script = scratch.resolve("launch");
		Files.write(script, command.toScript());
		return List.of("/bin/sh", script.toString());
	}

	private void addFileVariables(Map<String, String> environment) throws LaunchException {
		String earlier = environment.remove(FILE_VARIABLES);
		if (earlier != null && !earlier.isEmpty()) {
			List.of(earlier.split(",")).forEach(environment::remove);
		}
		if (this.settings.environmentFile() != null) {
			Map<String, String> variables = EnvironmentFile.read(this.settings.environmentFile());
			environment.putAll(variables);
			environment.put(FILE_VARIABLES, String.join(",", new ArrayList<>(variables.keySet())));
		}
	}

	private static byte[] originalExecutable(CommandLine own, Map<String, String> environment) {
		String hex = environment.get(ORIGINAL_EXECUTABLE);
		return (hex != null) ? HexFormat.of().parseHex(hex) : own.executable();
	}

	private byte[] executable(byte[] original) {
		Path javaHome = this.settings.javaHome();
		return (javaHome != null) ? javaHome.resolve("bin/java").toString().getBytes(platformCharset()) : original;
	}

	private @Nullable Path executablePath() throws LaunchException {
		try {
			byte[] original = originalExecutable(CommandLine.own(), System.getenv());
			String executable = new String(executable(original), platformCharset());
			// Without a slash the executable is looked up in PATH, as a shell does
			return executable.contains("/") ? this.workingDirectory.forSuccessor().resolve(executable) : null;
		}
		catch (LaunchException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new LaunchException("the command line of this process cannot be read: " + ex.getMessage(), ex);
		}
	}

	/**
	 * The charset in which the JDK encodes arguments. It is not the default charset,
	 * which is UTF-8 since JDK 18.
	 */
	private static Charset platformCharset() {
		String name = System.getProperty("sun.jnu.encoding");
		return (name != null && Charset.isSupported(name)) ? Charset.forName(name) : StandardCharsets.US_ASCII;
	}

}
