package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.gracefulrestart.options.Collision;
import io.github.gracefulrestart.options.JdkRelease;
import io.github.gracefulrestart.options.LaunchFile;
import io.github.gracefulrestart.options.LaunchFiles;
import io.github.gracefulrestart.options.LauncherRefusal;
import io.github.gracefulrestart.options.OptionRewriter;
import io.github.gracefulrestart.options.Rewriting;
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

	/** The first release of the JDK that warns of native access without the option. */
	private static final int NATIVE_ACCESS_WARNING = 24;

	private static final String ENABLE_NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

	private static final String FILE_VARIABLES = "GRACEFUL_RESTART_FILE_VARIABLES";

	private final LaunchSettings settings;

	private final WorkingDirectory workingDirectory;

	private volatile Set<Path> initialFiles = Set.of();

	private final ProcessStarter starter;

	private final SignalShield shield;

	/**
	 * Create a launcher.
	 * @param settings how the successor's start differs from this JVM's
	 * @param workingDirectory where this JVM was started
	 * @param starter starts the process
	 * @param shield keeps signals from ending a successor that cannot handle them yet
	 */
	public SuccessorLauncher(LaunchSettings settings, WorkingDirectory workingDirectory, ProcessStarter starter,
			SignalShield shield) {
		this.settings = settings;
		this.workingDirectory = workingDirectory;
		this.starter = starter;
		this.shield = shield;
	}

	/**
	 * Note which entries of the class path exist, because the JVM has started without the
	 * others. What is missing later is missed.
	 */
	public void noteFiles() {
		try {
			this.initialFiles = files(Set.of()).stream()
				.map(LaunchFile::path)
				.filter(Files::exists)
				.collect(Collectors.toSet());
		}
		catch (LaunchException ex) {
			// Said by the first preflight
		}
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
		refuseWhatTheLauncherRefuses();
	}

	/**
	 * What is missing is said with the files.
	 */
	private void refuseWhatTheLauncherRefuses() throws LaunchException {
		LauncherRefusal refusal = plan(0, new HashMap<>(System.getenv()), this.workingDirectory.forSuccessor())
			.refusal();
		if (refusal != null && refusal.missing() == null) {
			throw new LaunchException("the java launcher would refuse the successor's command line: " + refusal.reason()
					+ "; put that right and ask again", null);
		}
	}

	/**
	 * Launch the successor.
	 * @param flag what the successor needs to know
	 * @param listeners the descriptors that the flag names
	 * @param scratch a directory that only this user may enter and that lasts until the
	 * successor has connected
	 * @return the running process
	 * @throws LaunchException if nothing could be started
	 */
	public SuccessorProcess launch(SuccessorFlag flag, List<Integer> listeners, Path scratch) throws LaunchException {
		check();
		try {
			Map<String, String> environment = new HashMap<>(System.getenv());
			LaunchPlan plan = plan(flag.generation(), environment, scratch);
			environment.putAll(flag.toEnvironment());
			environment.putIfAbsent(SUSPEND_SIGNAL, FREE_REALTIME_SIGNAL);
			for (Map.Entry<Path, byte[]> file : plan.files().entrySet()) {
				Files.write(file.getKey(), file.getValue());
			}
			this.shield.raise(true);
			try {
				return new SuccessorProcess(this.starter.start(plan.command().bytes(),
						OwnEnvironment.encode(environment, platformCharset()), this.workingDirectory.forSuccessor(),
						listeners));
			}
			finally {
				this.shield.raise(false);
			}
		}
		catch (LaunchException ex) {
			throw ex;
		}
		catch (IOException | LinkageError ex) {
			throw new LaunchException("the successor could not be started: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Find the options that a successor cannot have in common with this JVM.
	 * @param generation the generation of the successor
	 * @return what there is, and what a launch does about it
	 * @throws LaunchException if the command line of this process cannot be read
	 */
	public List<Collision> collisions(int generation) throws LaunchException {
		return plan(generation, new HashMap<>(System.getenv()), this.workingDirectory.forSuccessor()).collisions();
	}

	/**
	 * Find the files that a successor would be started from.
	 * @return the files as they are named now, whether they exist or not
	 * @throws LaunchException if the command line of this process cannot be read
	 */
	public List<LaunchFile> files() throws LaunchException {
		return files(this.initialFiles);
	}

	private List<LaunchFile> files(Set<Path> known) throws LaunchException {
		Map<String, String> environment = new HashMap<>(System.getenv());
		OriginalLaunch original = OriginalLaunch.own(environment);
		addFileVariables(environment);
		List<String> arguments = new ArrayList<>(insertedArguments());
		arguments.addAll(original.arguments());
		return new LaunchFiles(this.workingDirectory.forSuccessor(), platformCharset(), release(), known)
			.find(arguments, environment);
	}

	/**
	 * Begins with what the operator wrote, whatever this JVM was started with.
	 */
	private LaunchPlan plan(int generation, Map<String, String> environment, Path scratch) throws LaunchException {
		OriginalLaunch original = OriginalLaunch.own(environment);
		addFileVariables(environment);
		List<String> inserted = insertedArguments();
		List<String> arguments = new ArrayList<>(inserted);
		arguments.addAll(original.arguments());
		OptionRewriter rewriter = new OptionRewriter(this.settings.collisions(), generation,
				this.workingDirectory.forSuccessor(), scratch, platformCharset(), release());
		Rewriting rewriting = rewriter.rewrite(arguments, environment);
		LaunchRecord changes = new LaunchRecord();
		rewriting.variables()
			.forEach((name, value) -> changes.variable(name, environment.getOrDefault(name, ""), value));
		environment.putAll(rewriting.variables());
		List<@Nullable String> changed = rewriting.arguments();
		changes.arguments(original.arguments(), changed.subList(inserted.size(), changed.size()));
		environment.put(LaunchRecord.VARIABLE, changes.toString());
		environment.put(OriginalLaunch.EXECUTABLE,
				HexFormat.of().formatHex(original.executable().getBytes(StandardCharsets.ISO_8859_1)));
		environment.put(OriginalLaunch.INSERTED_ARGUMENTS,
				String.valueOf(changed.subList(0, inserted.size()).stream().filter(Objects::nonNull).count()));
		CommandLine command = CommandLine.of(executable(original),
				changed.stream().filter(Objects::nonNull).map(String.class::cast).toList());
		return new LaunchPlan(command, rewriting.files(), rewriting.collisions(), rewriting.refusal());
	}

	private List<String> insertedArguments() throws LaunchException {
		List<String> inserted = new ArrayList<>();
		if (release() >= NATIVE_ACCESS_WARNING) {
			inserted.add(ENABLE_NATIVE_ACCESS);
		}
		this.settings.jvmArguments().stream().map(SuccessorLauncher::bytes).forEach(inserted::add);
		return inserted;
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

	/**
	 * The release that the successor will have, which need not be this JVM's.
	 */
	private int release() throws LaunchException {
		return JdkRelease.of(executablePath());
	}

	private String executable(OriginalLaunch original) {
		Path javaHome = this.settings.javaHome();
		return (javaHome != null) ? bytes(javaHome.resolve("bin/java").toString()) : original.executable();
	}

	private static String bytes(String text) {
		return new String(text.getBytes(platformCharset()), StandardCharsets.ISO_8859_1);
	}

	private @Nullable Path executablePath() throws LaunchException {
		String bytes = executable(OriginalLaunch.own(new HashMap<>(System.getenv())));
		String executable = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), platformCharset());
		// Without a slash the executable is looked up in PATH, as a shell does
		return executable.contains("/") ? this.workingDirectory.forSuccessor().resolve(executable) : null;
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
