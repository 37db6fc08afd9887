package io.github.gracefulrestart.preflight;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

import io.github.gracefulrestart.PreflightCheck;
import io.github.gracefulrestart.PreflightReport;
import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.process.SuccessorLauncher;

/**
 * The checks before a launch. All of them run, whatever the others find, so that an
 * operator sees all problems at once. Only if native calls do not work are the others
 * skipped.
 */
public final class Preflight {

	private static final Path PROC = Path.of("/proc");

	private static final Path CGROUP = Path.of("/sys/fs/cgroup");

	private final IntFunction<PlannedLaunch> launch;

	private final List<PlanCheck> checks;

	private final Supplier<List<PreflightCheck>> contributed;

	/**
	 * Create a preflight.
	 * @param launch plans the launch of a generation
	 * @param checks the checks
	 * @param contributed supplies the checks of the application, which run afterwards
	 */
	Preflight(IntFunction<PlannedLaunch> launch, List<PlanCheck> checks, Supplier<List<PreflightCheck>> contributed) {
		this.launch = launch;
		this.checks = List.copyOf(checks);
		this.contributed = contributed;
	}

	/**
	 * Create a preflight.
	 * @param settings its limits
	 * @param launcher launches successors
	 * @param listeners checks what accepts and serves
	 * @param addresses supplies the addresses that are handed over
	 * @param contributed supplies the checks of the application, which run last
	 * @return the preflight
	 */
	public static Preflight of(PreflightSettings settings, SuccessorLauncher launcher,
			Supplier<List<PreflightResult>> listeners, Supplier<List<SocketAddress>> addresses,
			Supplier<List<PreflightCheck>> contributed) {
		return new Preflight((generation) -> PlannedLaunch.of(launcher, generation),
				List.of(new NativeAccessCheck(), (launch) -> listeners.get(),
						new ForeignListenersCheck(addresses, settings.foreignListeners()),
						new ControlDirectoryCheck(settings.controlDirectory()), new LaunchCheck(launcher),
						new LaunchFilesCheck(launcher.usesCommand()), new CollisionCheck(),
						new MemoryCheck(PROC, CGROUP, settings.memory()), new DescriptorCheck(PROC)),
				contributed);
	}

	/**
	 * Run all checks.
	 * @param generation the generation that a successor would have
	 * @return what was found
	 */
	public PreflightReport run(int generation) {
		PlannedLaunch planned = this.launch.apply(generation);
		List<PreflightResult> results = new ArrayList<>();
		List<PlanCheck> all = new ArrayList<>(this.checks);
		this.contributed.get().forEach((check) -> all.add(new ContributedCheck(check, generation)));
		for (PlanCheck check : all) {
			results.addAll(check.check(planned));
			PreflightReport report = new PreflightReport(List.copyOf(results));
			if (report.unavailable()) {
				return report;
			}
		}
		return new PreflightReport(List.copyOf(results));
	}

}
