package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EnvironmentFileTests {

	@TempDir
	Path directory;

	@Test
	void readsAssignmentsAsSystemdDoes() throws IOException {
		Path file = write("""
				# database
				; of the old kind \\
				URL=jdbc:postgresql://db/app?ssl=true

				  NAME = \u00e4\ud83d\ude80 \s
				QUOTED="a b # c"\s
				SINGLE='a "b" \\n'
				JOINED=a\\
				  b \\
				c
				LINES="one
				two \\
				three"
				ESCAPED="\\"\\$\\`\\\\ \\n"
				PLAIN=a\\ b\\"c \\\\
				MIXED="a b"'c'd "e"
				MIDDLE=a"b"#c
				BLANK=x\\\s
				EMPTY=
				ALSO=""
				URL=second\r
				LAST='of
				all""");
		assertThat(EnvironmentFile.read(file)).containsExactly(Map.entry("URL", "second"),
				Map.entry("NAME", "\u00e4\ud83d\ude80"), Map.entry("QUOTED", "a b # c"),
				Map.entry("SINGLE", "a \"b\" \\n"), Map.entry("JOINED", "a  b c"), Map.entry("LINES", "one\ntwo three"),
				Map.entry("ESCAPED", "\"$`\\ \\n"), Map.entry("PLAIN", "a b\"c \\"), Map.entry("MIXED", "a bcd \"e\""),
				Map.entry("MIDDLE", "a\"b\"#c"), Map.entry("BLANK", "x "), Map.entry("EMPTY", ""),
				Map.entry("ALSO", ""), Map.entry("LAST", "of\nall"));
	}

	@Test
	void whenFileIsEmptyThenThereIsNothing() throws IOException {
		assertThat(EnvironmentFile.read(write(""))).isEmpty();
	}

	@Test
	void whenLineIsNoAssignmentThenNamesItWithoutItsText() throws IOException {
		for (String line : new String[] { "SECRET", "=SECRET", "1SECRET=1", "SE CRET=1", "export 1SECRET=1" }) {
			Path file = write("OK=1\n\n" + line + "\n");
			assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> EnvironmentFile.read(file))
				.withMessage("line 3 of the environment file " + file + " is not of the form NAME=value");
		}
	}

	@Test
	void whenLineBeginsWithExportThenNamesTheVariable() throws IOException {
		Path file = write("LINES='one\ntwo'\n  export\tNAME=secret\n");
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> EnvironmentFile.read(file))
			.withMessage("line 3 of the environment file " + file
					+ " begins with export, which only a shell understands; write NAME=... without it");
	}

	@Test
	void whenFileCannotBeReadThenSaysSo() throws IOException {
		Path missing = this.directory.resolve("missing");
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> EnvironmentFile.read(missing))
			.withMessageStartingWith("the environment file " + missing + " cannot be read: ");
		Path binary = Files.write(this.directory.resolve("binary"), new byte[] { 'A', '=', (byte) 0xff });
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> EnvironmentFile.read(binary))
			.withMessageStartingWith("the environment file " + binary + " cannot be read: ");
	}

	private Path write(String content) throws IOException {
		return Files.writeString(this.directory.resolve("environment"), content);
	}

}
