package io.github.gracefulrestart.actuate;

import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ReloadParametersTests {

	@Test
	void whenThereAreNoneThenARestartIsAskedFor() {
		assertThat(ReloadParameters.of(Map.of(), false)).isEqualTo(new ReloadParameters(false, false, false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "TRUE", " true ", "on", "yes", "1", "" })
	void whenTrueAsSpringReadsItOrWithoutAValueThenTrue(String value) {
		assertThat(ReloadParameters.of(Map.of("wait", value), false))
			.isEqualTo(new ReloadParameters(true, false, false));
		assertThat(ReloadParameters.of(Map.of("dry-run", value), false))
			.isEqualTo(new ReloadParameters(false, true, false));
		assertThat(ReloadParameters.of(Map.of("dryRun", value, "boot", value), false))
			.isEqualTo(new ReloadParameters(false, true, true));
	}

	@Test
	void whenThereIsNoValueAtAllThenTrue() {
		assertThat(ReloadParameters.of(Collections.singletonMap("dry-run", null), false))
			.isEqualTo(new ReloadParameters(false, true, false));
	}

	/** Serializers write properties that were not set like this. */
	@Test
	void whenThereIsNullInABodyThenSaysSo() {
		for (String name : List.of("wait", "dry-run", "dryRun", "boot")) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> ReloadParameters.of(Collections.singletonMap(name, null), true))
				.withMessage("\"" + name + "\" cannot be null");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "false", "False", "off", "no", "0" })
	void whenFalseThenFalse(String value) {
		assertThat(ReloadParameters.of(Map.of("wait", value, "dry-run", value, "dryRun", value, "boot", value), false))
			.isEqualTo(new ReloadParameters(false, false, false));
	}

	@Test
	void whenOfAJsonBodyThenBooleansAndNumbersAreRead() {
		assertThat(ReloadParameters.of(Map.of("wait", true, "dryRun", 1, "boot", false), false))
			.isEqualTo(new ReloadParameters(true, true, false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "dryrun", "dry_run", "DRY-RUN", "DryRun", "dry-run ", "dry", "Wait", "timeout", "" })
	void whenNotKnownThenSaysSo(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> ReloadParameters.of(Map.of(name, "true"), false))
			.withMessage("there is no parameter \"" + name + "\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tru", "2", "null", "ja", "true,true" })
	void whenNotABooleanThenSaysSo(String value) {
		for (String name : List.of("wait", "dry-run", "dryRun", "boot")) {
			assertThatIllegalArgumentException().isThrownBy(() -> ReloadParameters.of(Map.of(name, value), false))
				.withMessage("\"" + name + "\" cannot be \"" + value + "\"");
		}
	}

	@Test
	void whenGivenSeveralTimesThenSaysSo() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ReloadParameters.of(Map.of("dry-run", List.of("true", "true")), false))
			.withMessage("\"dry-run\" cannot be \"[true, true]\"");
	}

	@ParameterizedTest
	@CsvSource({ "true, false", "false, true" })
	void whenTheTwoSpellingsContradictEachOtherThenSaysSo(String query, String body) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ReloadParameters.of(Map.of("dry-run", query, "dryRun", body), false))
			.withMessageContaining("given twice, with different values");
	}

}
