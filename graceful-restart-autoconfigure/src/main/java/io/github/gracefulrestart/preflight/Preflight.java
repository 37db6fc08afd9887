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
 * All that is looked at before anything is launched. Every check is made, whatever the
 * others find, so that an operator learns of everything at once; only where native calls
 * do not work, nothing else matters.
 */
public final class Preflight {

	private static final Path PROC = Path.of("/proc");

	private static final Path CGROUP = Path.of("/sys/fs/cgroup");

	private final IntFunction<PlannedLaunch> launch;

	private final List<PlanCheck> checks;

	private final Supplier<List<PreflightCheck>> contributed;

	/**
	 * Create a preflight.
	 * @param launch finds out what would be launched as a generation
	 * @param checks what is looked at
	 * @param contributed supplies what the application looks at after that
	 */
	Preflight(IntFunction<PlannedLaunch> launch, List<PlanCheck> checks, Supplier<List<PreflightCheck>> contributed) {
		this.launch = launch;
		this.checks = List.copyOf(checks);
		this.contributed = contributed;
	}

	/**
	 * Create a preflight.
	 * @param settings its limits
	 * @param launcher would launch the successor
	 * @param listeners looks at what accepts and serves
	 * @param addresses supplies the addresses that are handed over
	 * @param contributed supplies what the application looks at, after all others
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
	 * Look at everything.
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
