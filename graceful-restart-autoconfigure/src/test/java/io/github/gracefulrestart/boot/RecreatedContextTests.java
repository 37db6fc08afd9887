package io.github.gracefulrestart.boot;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import io.github.gracefulrestart.autoconfigure.GracefulRestartAutoConfiguration;
import io.github.gracefulrestart.posix.Descriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Contexts that are closed and run again in one JVM, as tests, tools of developers and
 * Spring Cloud do it.
 */
class RecreatedContextTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	Path control;

	@Test
	void thereIsOneSetOfCopiesOfTheJars() {
		runAndClose();
		long copies = copies();
		assertThat(copies).isGreaterThan(10);
		for (int i = 0; i < 3; i++) {
			runAndClose();
		}
		assertThat(copies()).isEqualTo(copies);
	}

	private void runAndClose() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = application.run("--graceful.restart.enabled=true",
				"--graceful.restart.signals=", "--graceful.restart.control-directory=" + this.control)) {
			assertThat(context.isActive()).isTrue();
			await().atMost(PATIENCE)
				.until(() -> Thread.getAllStackTraces()
					.keySet()
					.stream()
					.noneMatch((thread) -> thread.getName().equals("graceful-restart-probe")));
		}
	}

	/** They have no name. */
	private static long copies() {
		return Stream.of(new File("/proc/self/fd").list())
			.filter((number) -> Descriptors.target(Integer.parseInt(number)).endsWith(" (deleted)"))
			.count();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(GracefulRestartAutoConfiguration.class)
	static class Application {

	}

}
