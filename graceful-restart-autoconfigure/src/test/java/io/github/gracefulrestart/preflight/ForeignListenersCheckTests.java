package io.github.gracefulrestart.preflight;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.PreflightResult.Verdict;
import io.github.gracefulrestart.options.CollisionRules;
import io.github.gracefulrestart.process.LaunchOrigin;
import io.github.gracefulrestart.process.LaunchSettings;
import io.github.gracefulrestart.process.SuccessorLauncher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ForeignListenersCheckTests {

	private final SuccessorLauncher launcher = new SuccessorLauncher(
			new LaunchSettings(List.of(), null, List.of(), null, CollisionRules.DEFAULT),
			LaunchOrigin.of(LaunchOrigin.openDescriptors(), null), (up) -> {
			});

	@Test
	void whenASocketIsHandedOverThenIsNotNamed() throws Exception {
		try (ServerSocket own = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				ServerSocket foreign = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThat(check(ForeignListenersRule.WARN, own.getLocalSocketAddress())).satisfies((result) -> {
				assertThat(result.verdict()).isEqualTo(Verdict.WARNING);
				assertThat(result.message()).contains("127.0.0.1:" + foreign.getLocalPort())
					.doesNotContain(":" + own.getLocalPort());
			});
			assertThat(check(ForeignListenersRule.REFUSE).message()).contains("127.0.0.1:" + own.getLocalPort(),
					"127.0.0.1:" + foreign.getLocalPort());
		}
	}

	@Test
	void whenToBeRefusedThenSaysHowToHaveItOtherwise() throws Exception {
		try (ServerSocket foreign = new ServerSocket(0)) {
			assertThat(check(ForeignListenersRule.REFUSE)).satisfies((result) -> {
				assertThat(result.verdict()).isEqualTo(Verdict.REFUSED);
				assertThat(result.message()).contains("*:" + foreign.getLocalPort(),
						"graceful.restart.preflight.foreign-listeners=warn");
			});
			assertThat(check(ForeignListenersRule.OFF).verdict()).isEqualTo(Verdict.PASSED);
		}
	}

	@Test
	void whenOfAnotherFamilyThenIsNamedByItsPath(@TempDir Path directory) throws Exception {
		try (ServerSocketChannel foreign = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
				ServerSocketChannel unbound = ServerSocketChannel.open()) {
			foreign.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
			assertThat(unbound.isOpen()).isTrue();
			assertThat(ForeignListeners.beside(List.of())).map(ForeignListeners::describe)
				.contains("unix:" + directory.resolve("s"));
		}
		assertThat(ForeignListeners.beside(List.of())).map(ForeignListeners::describe)
			.doesNotContain("unix:" + directory.resolve("s"));
	}

	private PreflightResult check(ForeignListenersRule rule, SocketAddress... own) {
		List<PreflightResult> results = new ForeignListenersCheck(() -> List.of(own), rule)
			.check(PlannedLaunch.of(this.launcher, 2));
		assertThat(results).singleElement().extracting(PreflightResult::check).isEqualTo("foreign-listeners");
		return results.get(0);
	}

}
