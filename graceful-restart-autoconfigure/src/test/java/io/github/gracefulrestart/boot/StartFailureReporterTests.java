package io.github.gracefulrestart.boot;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

class StartFailureReporterTests {

	@Test
	void whenThePropertyIsWrongThenItsValueIsNotPartOfTheReason() {
		FailureAnalysis analysis = new FailureAnalysis(
				"Invalid value 's3cr3t' for configuration property 'shop.key'. Validation failed for the following reason:",
				"Change it", new InvalidConfigurationPropertyValueException("shop.key", "s3cr3t", "it is too short"));
		assertThat(StartFailureReporter.withoutValue(analysis)).isEqualTo(
				"Invalid value '******' for configuration property 'shop.key'. Validation failed for the following reason:");
	}

	@Test
	void whenAnotherFailureThenTheReasonIsAsItIs() {
		assertThat(StartFailureReporter
			.withoutValue(new FailureAnalysis(" Port 8080 was already in use.\n", null, new IllegalStateException())))
			.isEqualTo("Port 8080 was already in use.");
	}

}
