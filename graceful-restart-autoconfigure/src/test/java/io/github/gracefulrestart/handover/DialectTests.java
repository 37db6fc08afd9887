package io.github.gracefulrestart.handover;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DialectTests {

	@Test
	void whenWrittenThenIsReadAgain() {
		for (Dialect dialect : List.of(Dialect.OWN, new Dialect(7, List.of("one", "two")))) {
			assertThat(Dialect.parse(dialect.toString())).isEqualTo(dialect);
		}
		assertThat(new Dialect(7, List.of("one", "two"))).hasToString("7 one two");
		assertThat(new Dialect(7, List.of())).hasToString("7");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "x", "one 2", "99999999999" })
	void whenNothingIsSaidThenItIsTheFirstVersion(String text) {
		assertThat(Dialect.parse(text)).isEqualTo(new Dialect(1, List.of()));
	}

	@Test
	void theNewerOneSpeaksTheVersionOfTheOlderOneWithTheFeaturesThatBothHave() {
		Dialect newer = new Dialect(3, List.of("one", "two", "three"));
		Dialect older = new Dialect(1, List.of("zero", "two", "three"));
		assertThat(newer.with(older)).isEqualTo(new Dialect(1, List.of("two", "three")));
		assertThat(older.with(newer)).isEqualTo(new Dialect(1, List.of("two", "three")));
		assertThat(Dialect.OWN.with(newer)).isEqualTo(Dialect.OWN);
	}

	@Test
	void whenTheOtherOneSpeaksOnlyWhatIsForgottenThenItIsAskedForTheOwnVersion() {
		assertThat(Dialect.OWN.with(new Dialect(0, List.of())).version()).isEqualTo(Dialect.VERSION);
		assertThat(new Dialect(0, List.of()).isSpoken()).isFalse();
		assertThat(new Dialect(Dialect.VERSION + 1, List.of()).isSpoken()).isFalse();
		assertThat(Dialect.OWN.isSpoken()).isTrue();
	}

}
