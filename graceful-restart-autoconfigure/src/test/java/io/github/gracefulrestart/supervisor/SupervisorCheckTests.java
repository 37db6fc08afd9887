package io.github.gracefulrestart.supervisor;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.PreflightResult.Verdict;
import io.github.gracefulrestart.supervisor.Supervision.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

class SupervisorCheckTests {

	private static final String OBSTACLE = "it is too old";

	private static final String PRIVATE_TMP = "61 40 0:33 /systemd-private-0011-shop.service-Ab/tmp /tmp rw - tmpfs tmpfs";

	@Test
	void whenNobodyWatchesThenARestartPasses() {
		assertThat(check(new Supervision(Kind.NONE, "no supervisor recognized", null), OBSTACLE).verdict())
			.isEqualTo(Verdict.PASSED);
	}

	@Test
	void whenSystemdHasAFileThenARestartPasses() {
		assertThat(check(new Supervision(Kind.PID_FILE, "systemd", null), OBSTACLE).verdict())
			.isEqualTo(Verdict.PASSED);
	}

	@Test
	void whenSystemdHasNoFileThenARestartIsRefused() {
		PreflightResult result = check(new Supervision(Kind.UNSUITABLE, "systemd", null), null);
		assertThat(result.verdict()).isEqualTo(Verdict.REFUSED);
		assertThat(result.message()).contains("PIDFile=", "RuntimeDirectory=", "--graceful.restart.print=systemd-unit");
	}

	@Test
	void whenTheKeeperRunsThenARestartPasses() {
		PreflightResult result = check(new Supervision(Kind.KEEPER, "tini", null), null);
		assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
		assertThat(result.message()).contains("tini", "keeper");
	}

	@Test
	void whenTheKeeperDoesNotRunThenNoRestartIsPossible() {
		PreflightResult result = check(new Supervision(Kind.KEEPER, "tini", null), OBSTACLE);
		assertThat(result.verdict()).isEqualTo(Verdict.UNAVAILABLE);
		assertThat(result.message()).contains("tini", OBSTACLE);
	}

	@Test
	void whenThereIsAKeeperThenItsImageIsNotLookedAt() {
		assertThat(check(new Supervision(Kind.KEEPER, "the keeper (pid 1)", 1L), OBSTACLE).verdict())
			.isEqualTo(Verdict.PASSED);
	}

	@Test
	void whenThePidFileIsInAPrivateDirectoryThenARestartIsRefused() {
		List<PreflightResult> results = check(Path.of("/tmp/shop/main.pid"), PRIVATE_TMP);
		assertThat(results).extracting(PreflightResult::verdict).containsExactly(Verdict.REFUSED);
		assertThat(results.get(0).message()).contains("/tmp/shop/main.pid", "PrivateTmp=", "RuntimeDirectory=");
	}

	@Test
	void whenThePidFileIsElsewhereThenPrivateDirectoriesDoNotMatter() {
		assertThat(check(Path.of("/run/shop/main.pid"), PRIVATE_TMP)).extracting(PreflightResult::verdict)
			.containsExactly(Verdict.PASSED);
		assertThat(check(Path.of("/tmp/main.pid"), "1 2 0:3 / /tmp rw - tmpfs tmpfs rw"))
			.extracting(PreflightResult::verdict)
			.containsExactly(Verdict.PASSED);
	}

	@Test
	void whenABeanSaysThatTheServiceStopsThenARestartIsRefused() {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			context.registerBean("stopper", Stopper.class);
			UnitHazards hazards = new UnitHazards(List::of,
					() -> UnitHazards.stopping(context, Set.of("none.such.Type", Stopper.class.getName())));
			context.refresh();
			assertThat(new SupervisorCheck(unit(Path.of("/run/main.pid")), () -> null, hazards).check(2))
				.extracting(PreflightResult::verdict)
				.containsExactly(Verdict.REFUSED);
			assertThat(hazards.find(null)).singleElement().asString().contains("\"stopper\"", "STOPPING=1");
		}
	}

	private static List<PreflightResult> check(Path file, String mounts) {
		return new SupervisorCheck(unit(file), () -> null, new UnitHazards(() -> List.of(mounts), List::of)).check(2);
	}

	private static Supervision unit(Path file) {
		return new Supervision(Kind.PID_FILE, "systemd", null, file);
	}

	private static PreflightResult check(Supervision supervision, @Nullable String obstacle) {
		return new SupervisorCheck(supervision, () -> obstacle, new UnitHazards(List::of, List::of)).check(2).get(0);
	}

	/** As one of a library. */
	static class Stopper {

	}

}
