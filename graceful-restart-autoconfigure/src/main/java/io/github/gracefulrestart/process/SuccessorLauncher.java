package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.gracefulrestart.options.Collision;
import io.github.gracefulrestart.options.CollisionRule;
import io.github.gracefulrestart.options.CollisionRules;
import io.github.gracefulrestart.options.LaunchFile;
import io.github.gracefulrestart.options.LaunchFiles;
import io.github.gracefulrestart.options.OptionRewriter;
import io.github.gracefulrestart.options.Rewriting;
import io.github.gracefulrestart.options.launcher.JdkRelease;
import io.github.gracefulrestart.options.launcher.LauncherRefusal;
import io.github.gracefulrestart.posix.PassedDescriptors;
import io.github.gracefulrestart.posix.PlatformText;
import io.github.gracefulrestart.posix.Program;
import io.github.gracefulrestart.posix.SignalShield;
import io.github.gracefulrestart.posix.SpawnedProcess;
import org.jspecify.annotations.Nullable;

/**
 * Launches the successor: the command line, working directory, environment and inherited
 * descriptors of this JVM again, so that the jar, configuration and JDK that are now on
 * disk take effect; or, with the same directory, environment and descriptors, a program
 * of the operator.
 */
public final class SuccessorLauncher {

	/**
	 * The variable for the signal with which HotSpot suspends threads. With the default,
	 * {@code SIGUSR2}, a flight recording would look like many requests to restart.
	 */
	private static final String SUSPEND_SIGNAL = "_JAVA_SR_SIGNUM";

	private static final String FREE_REALTIME_SIGNAL = "50";

	/** The first release of the JDK that warns about native access without the option. */
	private static final int NATIVE_ACCESS_WARNING = 24;

	private static final String ENABLE_NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

	/** Rules that find all collisions and change nothing. */
	private static final CollisionRules KEEP = new CollisionRules(CollisionRule.KEEP, CollisionRule.KEEP);

	private final LaunchSettings settings;

	private final LaunchOrigin origin;

	private final SignalShield shield;

	private volatile Set<Path> initialFiles = Set.of();

	/**
	 * Create a launcher.
	 * @param settings how the successor's start differs from this JVM's
	 * @param origin how this JVM was started
	 * @param shield keeps signals from ending a successor that cannot handle them yet
	 */
	public SuccessorLauncher(LaunchSettings settings, LaunchOrigin origin, SignalShield shield) {
		this.settings = settings;
		this.origin = origin;
		this.shield = shield;
	}

	/**
	 * Note which entries of the class path exist. The JVM has started without the others,
	 * so only an entry that existed is required later.
	 */
	public void noteFiles() {
		try {
			this.initialFiles = plan(0, this.origin.directory().path()).files()
				.stream()
				.map(LaunchFile::path)
				.filter(Files::exists)
				.collect(Collectors.toSet());
		}
		catch (LaunchException ex) {
			// The first preflight reports it
		}
	}

	/**
	 * Return whether a program of the operator starts the successor.
	 * @return {@code true} if it does
	 */
	public boolean usesCommand() {
		return !this.settings.command().isEmpty();
	}

	/**
	 * Return the variables that a successor may get with other bytes, because this
	 * process cannot read the original ones.
	 * @return names, usually none
	 */
	public List<String> damagedVariables() {
		return OwnEnvironment.damaged();
	}

	/**
	 * Find out what would be launched.
	 * @param generation the generation of the successor
	 * @return the plan
	 * @throws LaunchException if a launch would fail, with the reason
	 */
	public LaunchPlan plan(int generation) throws LaunchException {
		return plan(generation, this.origin.directory().forSuccessor());
	}

	/**
	 * Launch the successor.
	 * @param flag what the successor needs to know
	 * @param listeners the descriptors that the flag names
	 * @param scratch a directory that only this user may enter and that lasts until the
	 * successor has connected
	 * @param variables what is added to the environment by name, {@code null} to remove a
	 * variable
	 * @return the running process
	 * @throws LaunchException if nothing could be started
	 */
	public SuccessorProcess launch(SuccessorFlag flag, List<Integer> listeners, Path scratch,
			Map<String, @Nullable String> variables) throws LaunchException {
		LaunchPlan plan = plan(flag.generation(), scratch);
		Map<String, String> environment = new HashMap<>(plan.environment());
		variables.forEach((name, value) -> environment.compute(name, (same, previous) -> value));
		environment.putAll(flag.toEnvironment());
		environment.putIfAbsent(SUSPEND_SIGNAL, FREE_REALTIME_SIGNAL);
		List<Integer> inherited = this.origin.descriptors().present();
		environment.put(LaunchContract.INHERITED,
				inherited.stream().map(String::valueOf).collect(Collectors.joining(",")));
		try {
			for (Map.Entry<Path, byte[]> file : plan.written().entrySet()) {
				Files.write(file.getKey(), file.getValue());
			}
			Process process = SpawnedProcess.start(plan.program(),
					OwnEnvironment.encode(environment, PlatformText.charset()), plan.directory(),
					new PassedDescriptors(inherited, listeners, flag.token()), this.shield);
			return follow(process, flag);
		}
		catch (IOException | LinkageError ex) {
			throw new LaunchException("the successor could not be started: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Terminate the process, because no process must run unwatched.
	 */
	private SuccessorProcess follow(Process process, SuccessorFlag flag) {
		try {
			return new SuccessorProcess(process, usesCommand() ? new LaunchedFamily(process.toHandle(), flag) : null);
		}
		catch (RuntimeException | Error ex) {
			process.destroyForcibly();
			throw ex;
		}
	}

	/**
	 * Starts from the arguments that the operator wrote, not from those of this JVM.
	 */
	private LaunchPlan plan(int generation, Path scratch) throws LaunchException {
		Path directory = this.origin.directory().forSuccessor();
		Map<String, String> environment = LaunchContract.environment(this.origin.successor());
		OriginalLaunch original = OriginalLaunch.of(this.origin.program(), environment);
		List.of(LaunchContract.COMMAND, LaunchContract.EXECUTABLE, LaunchContract.INSERTED_ARGUMENTS)
			.forEach(environment::remove);
		FileVariables.renew(environment, this.settings.environmentFile());
		Draft draft = new Draft(generation, directory, scratch, environment, original);
		return usesCommand() ? command(draft) : again(draft);
	}

	/**
	 * The same command line again.
	 */
	private LaunchPlan again(Draft draft) throws LaunchException {
		OriginalLaunch original = draft.original();
		OwnProgram own = original.program();
		Path file = file(own, draft.directory());
		int release = JdkRelease.of(file);
		List<String> inserted = own.java() ? inserted(release) : List.of();
		List<String> arguments = new ArrayList<>(inserted);
		arguments.addAll(original.arguments());
		Rewriting rewriting = draft.rewriter(this.settings.collisions(), release)
			.rewrite(own.java() ? arguments : List.of(), draft.environment());
		LaunchRecord changes = draft.change(rewriting);
		List<LaunchFile> files = List.of();
		if (own.java()) {
			refuseWhatTheLauncherRefuses(rewriting.refusal());
			files = new LaunchFiles(draft.directory(), PlatformText.charset(), release, this.initialFiles)
				.find(arguments, draft.environment());
			List<@Nullable String> changed = rewriting.arguments();
			changes.arguments(original.arguments(), changed.subList(inserted.size(), changed.size()));
			draft.environment()
				.put(LaunchContract.INSERTED_ARGUMENTS,
						String.valueOf(changed.subList(0, inserted.size()).stream().filter(Objects::nonNull).count()));
			arguments = changed.stream().filter(Objects::nonNull).map(String.class::cast).toList();
		}
		draft.environment().put(LaunchContract.CHANGED, changes.toString());
		draft.environment().put(LaunchContract.EXECUTABLE, OriginalLaunch.describe(own));
		String name = (this.settings.javaHome() != null) ? PlatformText.bytes(file.toString()) : own.name();
		return new LaunchPlan(program(file, name, arguments), draft.directory(), draft.environment(), rewriting.files(),
				rewriting.collisions(), files);
	}

	private List<String> inserted(int release) {
		List<String> inserted = new ArrayList<>();
		if (release >= NATIVE_ACCESS_WARNING) {
			inserted.add(ENABLE_NATIVE_ACCESS);
		}
		this.settings.jvmArguments().stream().map(PlatformText::bytes).forEach(inserted::add);
		return inserted;
	}

	/**
	 * A missing file is reported by the check of the files.
	 */
	private static void refuseWhatTheLauncherRefuses(@Nullable LauncherRefusal refusal) throws LaunchException {
		if (refusal != null && refusal.missing() == null) {
			throw new LaunchException("the java launcher would refuse the successor's command line: " + refusal.reason()
					+ "; correct it and try again", null);
		}
	}

	private Path file(OwnProgram own, Path directory) throws LaunchException {
		Path javaHome = this.settings.javaHome();
		if (!own.java() && (javaHome != null || !this.settings.jvmArguments().isEmpty())) {
			throw new LaunchException(own.notJava((javaHome != null) ? "java-home" : "jvm-arguments"), null);
		}
		if (javaHome == null && own.problem() != null) {
			throw new LaunchException(own.problem(), null);
		}
		Path file = directory.resolve((javaHome != null) ? javaHome.resolve("bin/java") : own.knownFile());
		if (!Files.isExecutable(file)) {
			throw new LaunchException((own.java() ? "the Java executable " : "the program ") + file
					+ " does not exist or is not executable", null);
		}
		return file;
	}

	/**
	 * The program chooses its own options, but inherits those in the environment from
	 * this process.
	 */
	private LaunchPlan command(Draft draft) throws LaunchException {
		List<String> command = this.settings.command();
		Path file = draft.directory().resolve(command.get(0).replaceFirst("^(\\./)+", ""));
		if (!Files.isRegularFile(file) || !Files.isExecutable(file)) {
			throw new LaunchException("the program " + file + " of graceful.restart.launch.command "
					+ (Files.exists(file) ? "is not executable for this user" : "does not exist"), null);
		}
		int release = Runtime.version().feature();
		Rewriting rewriting = draft.rewriter(this.settings.collisions(), release)
			.rewrite(List.of(), draft.environment());
		List<Collision> collisions = new ArrayList<>(rewriting.collisions());
		if (draft.original().program().java()) {
			draft.rewriter(KEEP, release)
				.rewrite(draft.original().arguments(), Map.of())
				.collisions()
				.stream()
				.map(SuccessorLauncher::leftToTheProgram)
				.forEach(collisions::add);
		}
		draft.environment().put(LaunchContract.CHANGED, draft.change(rewriting).toString());
		draft.environment().put(LaunchContract.COMMAND, "true");
		List<String> arguments = command.subList(1, command.size()).stream().map(PlatformText::bytes).toList();
		return new LaunchPlan(program(file, PlatformText.bytes(command.get(0)), arguments), draft.directory(),
				draft.environment(), rewriting.files(), List.copyOf(collisions), List.of());
	}

	private static Collision leftToTheProgram(Collision found) {
		return new Collision(found.kind(), Collision.Remedy.KEPT, found.message().replaceAll(" \\([^()]*=keep\\)$", "")
				+ ", if the program of graceful.restart.launch.command names it again");
	}

	private static Program program(Path file, String name, List<String> arguments) {
		List<byte[]> line = new ArrayList<>();
		line.add(name.getBytes(StandardCharsets.ISO_8859_1));
		arguments.forEach((argument) -> line.add(argument.getBytes(StandardCharsets.ISO_8859_1)));
		return new Program(file, line);
	}

	/**
	 * The environment and descriptors that all kinds of launch have in common.
	 */
	private record Draft(int generation, Path directory, Path scratch, Map<String, String> environment,
			OriginalLaunch original) {

		OptionRewriter rewriter(CollisionRules rules, int release) {
			return new OptionRewriter(rules, this.generation, this.directory, this.scratch, PlatformText.charset(),
					release);
		}

		/**
		 * Change the variables, and record how.
		 */
		LaunchRecord change(Rewriting rewriting) {
			LaunchRecord changes = new LaunchRecord();
			rewriting.variables()
				.forEach((name, value) -> changes.variable(name, this.environment.getOrDefault(name, ""), value));
			this.environment.putAll(rewriting.variables());
			return changes;
		}

	}

}
