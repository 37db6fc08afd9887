package io.github.gracefulrestart.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.autoconfigure.GracefulRestartAutoConfiguration;
import io.github.gracefulrestart.autoconfigure.GracefulRestartHealthAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator writes wrongly is named, together with what to write.
 */
class PropertyChecksTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(GracefulRestartAutoConfiguration.class,
				GracefulRestartHealthAutoConfiguration.class))
		.withPropertyValues("graceful.restart.enabled=true", "graceful.restart.signals=");

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "startup-timeout", "handover-timeout", "drain-timeout", "termination-timeout" })
	void whenTimeIsOutOfRangeThenFails(String name) {
		for (String value : new String[] { "0s", "-1s", "25h", "PT-0.001S" }) {
			assertInvalid("graceful.restart." + name, value, "it must be between 1ms and 1d, for example 30s");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "startup-timeout", "handover-timeout", "drain-timeout", "termination-timeout" })
	void whenTimeIsAtTheLimitThenStarts(String name) {
		for (String value : new String[] { "1ms", "1d" }) {
			this.runner
				.withPropertyValues("graceful.restart.keep-alive-grace=0s", "graceful.restart." + name + "=" + value)
				.run((context) -> assertThat(context).hasNotFailed());
		}
	}

	@Test
	void whenSpringsTimeoutStandsInThenItIsCheckedToo() {
		this.runner
			.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=0s",
					"graceful.restart.keep-alive-grace=0s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("graceful.restart.drain-timeout"));
	}

	@Test
	void whenHangTimeoutIsOutOfRangeThenFails() {
		for (String value : new String[] { "0s", "499ms", "25h" }) {
			assertInvalid("graceful.restart.hang-timeout", value, "it must be between 500ms and 1d, for example 5s");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "interval", "timeout" })
	void whenTimeOfHealthCheckIsOutOfRangeThenFails(String name) {
		for (String value : new String[] { "0s", "25h" }) {
			assertInvalid("graceful.restart.health-check." + name, value,
					"it must be between 1ms and 1d, for example 30s");
		}
	}

	@Test
	void whenNoCheckNeedsToFailThenFails() {
		assertInvalid("graceful.restart.health-check.failures", "0", "it must be 1 or more, for example 2");
	}

	@Test
	void whenHealthGroupHasNoNameThenFails() {
		assertInvalid("graceful.restart.health-check.group", " ",
				"it must be the name of a health group, for example readiness");
	}

	@Test
	void whenProbationIsTooShortForTheHealthCheckThenFails() {
		this.runner.withPropertyValues("graceful.restart.health-check.group=readiness", "graceful.restart.probation=2s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("graceful.restart.health-check.group")
				.hasMessageContaining("it could not fail before graceful.restart.probation is over, which is 2000ms; "
						+ "make that longer than graceful.restart.health-check.interval times failures, which is "
						+ "2000ms"));
	}

	@Test
	void whenThereIsNoHealthEndpointToAskThenFails() {
		this.runner.withPropertyValues("graceful.restart.health-check.group=readiness")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("graceful.restart.health-check.group")
				.hasMessageContaining("this application has no health endpoint"));
	}

	@Test
	void whenHealthClassesAreMissingThenFails() {
		this.runner.withClassLoader(new FilteredClassLoader(HealthEndpoint.class))
			.withPropertyValues("graceful.restart.health-check.group=readiness")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("this application has no health endpoint"));
	}

	@Test
	void whenKeepAliveGraceIsNegativeThenFails() {
		assertInvalid("graceful.restart.keep-alive-grace", "-1s",
				"it must not be negative; with 0s idle connections are kept only as long as probation lasts");
	}

	@Test
	void whenCloseSpreadIsNegativeOrLongerThanTheDrainThenFails() {
		for (String value : new String[] { "-1s", "31s" }) {
			assertInvalid("graceful.restart.web-socket-close-spread", value,
					"it must not be negative or longer than graceful.restart.drain-timeout, which is 30000ms");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "1000", "1002", "2999", "5000", "-1" })
	void whenCloseCodeIsNotForApplicationsThenFails(String value) {
		assertInvalid("graceful.restart.web-socket-close-code", value,
				"it must be 1001 (going away), 1012 (service restart), 1013 (try again later) or one from 3000 to 4999");
	}

	@ParameterizedTest
	@ValueSource(strings = { "X Generation", "X-Generation:", "\u00dc" })
	void whenHeaderIsNoneThenFails(String value) {
		assertInvalid("graceful.restart.generation-header", value,
				"it must be the name of a header, for example X-Generation");
	}

	@Test
	void whenConnectionsAreToldSomethingElseThenFails() {
		this.runner.withPropertyValues("graceful.restart.connections=keep")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> assertThat(failure).hasStackTraceContaining("graceful.restart.connections")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "graceful.restart.launch.colliding-ports", "graceful.restart.launch.colliding-files",
			"graceful.restart.preflight.memory" })
	void whenRuleIsUnknownThenFailsWithTheNameAndWhatThereIs(String name) {
		this.runner.withPropertyValues(name + "=sometimes")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> assertThat(failure).hasStackTraceContaining(name)
					.hasStackTraceContaining("sometimes")));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			TERM       | SIGTERM has another meaning for the JVM or for service managers; use USR2 or HUP
			SIGQUIT    | SIGQUIT has another meaning for the JVM or for service managers; use USR2 or HUP
			kill       | SIGKILL has another meaning for the JVM or for service managers; use USR2 or HUP
			USR3       | there is no such signal; write for example USR2, HUP
			12         | there is no such signal; write for example USR2, HUP
			""")
	void whenSignalIsNotUsableThenFails(String value, String reason) {
		assertInvalid("graceful.restart.signals", value, reason);
	}

	@Test
	void whenSignalIsNamedTwiceThenFails() {
		this.runner.withPropertyValues("graceful.restart.signals=USR2,sigusr2")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo("graceful.restart.signals");
					assertThat(ex.getValue()).isEqualTo("sigusr2");
					assertThat(ex.getReason()).isEqualTo("it is named twice");
				}));
	}

	@Test
	void signalsAreWrittenAsPeopleWriteThem() {
		assertThat(PropertyChecks.checkSignals(List.of("usr2", " SIGHUP ", "Winch"))).containsExactly("USR2", "HUP",
				"WINCH");
		assertThat(PropertyChecks.checkSignals(List.of())).isEmpty();
	}

	@Test
	void whenControlDirectoryIsNotOneThenFails() throws Exception {
		String reason = "it must be an existing directory that this user may write to";
		assertInvalid("graceful.restart.control-directory", this.directory.resolve("missing"), reason);
		assertInvalid("graceful.restart.control-directory", Files.createFile(this.directory.resolve("file")), reason);
	}

	@Test
	void whenJavaHomeHasNoJavaThenFails() {
		assertInvalid("graceful.restart.launch.java-home", this.directory, "there is no executable bin/java in it");
	}

	@Test
	void whenEnvironmentFileIsMissingThenFails() {
		assertInvalid("graceful.restart.launch.environment-file", this.directory.resolve("missing"),
				"it must be an existing file that can be read");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Xmx1g", "-jar", "app.jar" })
	void whenJvmArgumentIsNoOptionThenFails(String value) {
		assertInvalid("graceful.restart.launch.jvm-arguments", value,
				"each argument must be a JVM option such as -Xmx1g; what is run stays the same");
	}

	@Test
	void whenLaunchCommandContradictsOtherPropertiesThenFails() {
		this.runner
			.withPropertyValues("graceful.restart.launch.command=start.sh,--prod",
					"graceful.restart.launch.java-home=" + System.getProperty("java.home"))
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("graceful.restart.launch.command decides which Java is started"));
		this.runner
			.withPropertyValues("graceful.restart.launch.command=start.sh",
					"graceful.restart.launch.jvm-arguments=-Xmx1g")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("graceful.restart.launch.command decides which arguments the JVM gets"));
	}

	@Test
	void whenAllIsWellThenStarts() {
		this.runner
			.withPropertyValues("graceful.restart.control-directory=" + this.directory,
					"graceful.restart.launch.java-home=" + System.getProperty("java.home"),
					"graceful.restart.launch.jvm-arguments=-Xmx1g,-XX:+UseSerialGC",
					"graceful.restart.drain-timeout=5s", "graceful.restart.keep-alive-grace=5s")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "startup-timeout, soon", "required, perhaps", "drain-timeout, 1 fortnight" })
	void whenValueIsOfAnotherTypeThenFailsWithTheName(String name, String value) {
		this.runner.withPropertyValues("graceful.restart." + name + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> assertThat(failure).hasStackTraceContaining("graceful.restart." + name)));
	}

	private void assertInvalid(String name, Object value, String reason) {
		this.runner.withPropertyValues(name + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo(name);
					assertThat(ex.getReason()).isEqualTo(reason);
				}));
	}

}
