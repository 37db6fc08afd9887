package io.github.gracefulrestart.boot;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Names the runner that does not return, in all the ways in which one can be written.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnfinishedRunnerTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static CountDownLatch blocked = new CountDownLatch(0);

	private static volatile String blocking = "";

	private static volatile ConfigurableApplicationContext context;

	@ParameterizedTest
	@CsvSource({ "lambda", "otherLambda", "commandLine", "object", "inherited", "anonymous" })
	void whenARunnerDoesNotReturnThenItsBeanIsNamed(String name) throws Exception {
		Thread thread = start(name);
		try {
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(UnfinishedRunner.find(context)).isEqualTo("runner \"" + name + "\""));
		}
		finally {
			end(thread);
		}
		assertThat(UnfinishedRunner.find(context)).isNull();
	}

	@Test
	void whenTheCodeIsThatOfAnotherBeanThenTheRunnerIsNamedWhereTheJvmShowsItOrElseTheCode() throws Exception {
		Thread thread = start("reference");
		try {
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(UnfinishedRunner.find(context)).isIn("runner \"reference\"",
						"a runner (" + Worker.class.getName() + ".work)"));
		}
		finally {
			end(thread);
		}
	}

	@Test
	void whenNotReadyInTimeThenSaysOnceWhatIsMissing(CapturedOutput output) throws Exception {
		Thread thread = start("lambda");
		try {
			await().atMost(PATIENCE).until(() -> UnfinishedRunner.find(context) != null);
			Readiness readiness = new Readiness(context);
			assertThat(readiness.missing()).isEqualTo("its application context has not been refreshed yet");
			readiness.refreshed();
			new ReadinessWatch(readiness, Duration.ofMillis(10), false).start();
			new ReadinessWatch(readiness, Duration.ofMillis(20), true).start();
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(output).containsPattern(
						"WARN .*This application is not ready for restarts after 0 s: runner \"lambda\" has not returned")
					.containsPattern("ERROR .*This application is not ready for restarts after 0 s: runner \"lambda\" "
							+ "has not returned .*\\(graceful.restart.required=true\\)"));
			readiness.acceptsTraffic(true);
			assertThat(readiness.hasBecomeReady()).isTrue();
			assertThat(readiness.hasBecomeReady()).isFalse();
			assertThat(readiness.missing()).isNull();
		}
		finally {
			end(thread);
		}
	}

	@ParameterizedTest
	@CsvSource({ "0, 0 s", "119, 119 s", "120, 2 min", "7199, 119 min", "7200, 2 h", "10800, 3 h", "172799, 47 h",
			"172800, 2 d" })
	void durationsAreRoundedDown(long seconds, String text) {
		assertThat(Readiness.describe(Duration.ofSeconds(seconds))).isEqualTo(text);
	}

	private static Thread start(String name) {
		context = null;
		blocked = new CountDownLatch(1);
		blocking = name;
		SpringApplication application = new SpringApplication(Runners.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setRegisterShutdownHook(false);
		application.addInitializers((created) -> context = created);
		Thread thread = new Thread(() -> application.run().close(), "application");
		thread.start();
		await().atMost(PATIENCE).until(() -> context != null);
		return thread;
	}

	private static void end(Thread thread) throws InterruptedException {
		blocked.countDown();
		thread.join();
	}

	private static void pass(String name) throws InterruptedException {
		if (name.equals(blocking)) {
			blocked.await();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Runners {

		@Bean
		ApplicationRunner lambda() {
			return (args) -> pass("lambda");
		}

		@Bean
		@Order(1)
		ApplicationRunner otherLambda() {
			return (args) -> pass("otherLambda");
		}

		@Bean
		CommandLineRunner commandLine() {
			return (args) -> pass("commandLine");
		}

		@Bean
		Worker worker() {
			return new Worker();
		}

		@Bean
		CommandLineRunner reference(Worker worker) {
			return worker::work;
		}

		@Bean
		FirstRunner object() {
			return new FirstRunner();
		}

		@Bean
		SecondRunner inherited() {
			return new SecondRunner();
		}

		@Bean
		ApplicationRunner anonymous() {
			return new ApplicationRunner() {

				@Override
				public void run(ApplicationArguments args) throws InterruptedException {
					pass("anonymous");
				}

			};
		}

	}

	static class Worker {

		void work(String... arguments) throws InterruptedException {
			pass("reference");
		}

	}

	static class FirstRunner implements ApplicationRunner {

		@Override
		public void run(ApplicationArguments args) throws InterruptedException {
			pass("object");
		}

	}

	abstract static class BaseRunner implements ApplicationRunner {

		@Override
		public void run(ApplicationArguments args) throws InterruptedException {
			pass("inherited");
		}

	}

	static class SecondRunner extends BaseRunner {

	}

}
