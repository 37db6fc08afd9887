package io.github.gracefulrestart.process;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OutputTailTests {

	private final OutputTail tail = new OutputTail();

	@Test
	void whenLittleIsWrittenThenKeepsAll() {
		assertThat(this.tail).hasToString("");
		append("one\n");
		append("two\n");
		assertThat(this.tail).hasToString("one\ntwo\n");
	}

	@Test
	void whenMuchIsWrittenThenKeepsTheEnd() {
		StringBuilder all = new StringBuilder();
		for (int i = 0; i < 5000; i++) {
			String line = "line " + i + "\n";
			all.append(line);
			append(line);
		}
		assertThat(this.tail).hasToString(all.substring(all.length() - 8192));
	}

	@Test
	void whenMuchIsWrittenAtOnceThenKeepsTheEnd() {
		append("before");
		String much = "0123456789".repeat(2000);
		append(much);
		assertThat(this.tail).hasToString(much.substring(much.length() - 8192));
		append("after");
		assertThat(this.tail).hasToString(much.substring(much.length() - 8187) + "after");
	}

	@Test
	void takesOnlyWhatWasRead() {
		this.tail.append("abcdef".getBytes(StandardCharsets.US_ASCII), 3);
		assertThat(this.tail).hasToString("abc");
	}

	private void append(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
		this.tail.append(bytes, bytes.length);
	}

}
