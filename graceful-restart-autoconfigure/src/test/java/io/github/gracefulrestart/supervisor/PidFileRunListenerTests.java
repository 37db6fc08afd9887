package io.github.gracefulrestart.supervisor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.RestartEndedEvent;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartParticipant;
import io.github.gracefulrestart.RestartReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@ExtendWith(OutputCaptureExtension.class)
class PidFileRunListenerTests {

	private static final String PID = String.valueOf(ProcessHandle.current().pid());

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "spring.pid.file", "spring.pidfile", "graceful.restart.pid-file" })
	void takesChargeOfTheFileThatAPropertyNames(String property) throws Exception {
		Path file = this.directory.resolve("app.pid");
		Path inCode = this.directory.resolve("in-code.pid");
		try (ConfigurableApplicationContext context = run(new ApplicationPidFileWriter(inCode.toFile()),
				"--" + property + "=" + file)) {
			assertThat(file).hasContent(PID);
			assertThat(inCode).doesNotExist();
			RestartParticipant participant = context.getBean(RestartParticipant.class);
			Files.writeString(file, "1");
			participant.takenOver();
			assertThat(file).hasContent(PID);
		}
	}

	@Test
	void takesNoWriterToHaveAFile() {
		Path file = this.directory.resolve("app.pid");
		run(null, "--graceful.restart.pid-file=" + file).close();
		assertThat(file).hasContent(PID);
	}

	@Test
	void withoutAWriterItsPropertyMeansNothing() {
		Path file = this.directory.resolve("app.pid");
		try (ConfigurableApplicationContext context = run(null, "--spring.pid.file=" + file)) {
			assertThat(file).doesNotExist();
			assertThat(context.getBeanProvider(RestartParticipant.class).stream()).isEmpty();
		}
	}

	@Test
	void whenRestartsAreOffThenTheWriterWorksAsEver() {
		Path file = this.directory.resolve("app.pid");
		try (ConfigurableApplicationContext context = run(new Writer(), "--graceful.restart.enabled=false",
				"--spring.pid.file=" + file)) {
			assertThat(file).hasContent(PID);
			assertThat(context.getBeanProvider(RestartParticipant.class).stream()).isEmpty();
		}
	}

	@Test
	void whenTheFileIsNamedInCodeThenTheWriterOfAFirstGenerationWorksAsEver() {
		Path file = this.directory.resolve("in-code.pid");
		run(new Writer(file), new String[0]).close();
		assertThat(file).hasContent(PID);
	}

	@Test
	void whenTheFileNamesAProcessThatRunsThenItIsTakenByOneThatIsReady() throws Exception {
		Path file = Files.writeString(this.directory.resolve("app.pid"), "1\n");
		try (ConfigurableApplicationContext context = run(null, "--graceful.restart.pid-file=" + file)) {
			assertThat(file).hasContent("1\n");
			context.getBean(RestartParticipant.class).alone();
			assertThat(file).hasContent(PID);
		}
	}

	@Test
	void whenTheFileCannotBeWrittenThenTheApplicationStartsUnlessToldOtherwise(CapturedOutput output) throws Exception {
		Path noDirectory = Files.writeString(this.directory.resolve("file"), "").resolve("app.pid");
		run(null, "--graceful.restart.pid-file=" + noDirectory).close();
		assertThat(output).contains("Cannot create pid file " + noDirectory);
		assertThatIllegalStateException().isThrownBy(
				() -> run(null, "--graceful.restart.pid-file=" + noDirectory, "--spring.pid.fail-on-write-error=true"))
			.withMessage("Cannot create pid file " + noDirectory);
	}

	@ParameterizedTest
	@EnumSource(RestartOutcome.class)
	void whenARestartHasFailedThenWhatItsSuccessorDidIsPutRight(RestartOutcome outcome) throws Exception {
		Path file = this.directory.resolve("app.pid");
		try (ConfigurableApplicationContext context = run(null, "--graceful.restart.pid-file=" + file)) {
			Files.writeString(file, "1");
			context.publishEvent(new RestartEndedEvent(this, report(outcome)));
			boolean serves = outcome == RestartOutcome.FAILED || outcome == RestartOutcome.ROLLED_BACK;
			assertThat(file).hasContent(serves ? PID : "1");
		}
	}

	private static RestartReport report(RestartOutcome outcome) {
		return RestartReport.of("test", outcome).build();
	}

	private static ConfigurableApplicationContext run(ApplicationPidFileWriter writer, String... arguments) {
		SpringApplication application = new SpringApplication(Empty.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		if (writer != null) {
			application.addListeners(writer);
		}
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--graceful.restart.signals=");
		if (all.stream().noneMatch((argument) -> argument.startsWith("--graceful.restart.enabled="))) {
			all.add("--graceful.restart.enabled=true");
		}
		return application.run(all.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

	/**
	 * A writer that writes again in each test.
	 */
	private static final class Writer extends ApplicationPidFileWriter {

		Writer() {
			reset();
		}

		Writer(Path file) {
			super(file.toFile());
			reset();
		}

	}

}
