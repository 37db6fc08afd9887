package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class CommandLineTests {

	private static final Charset UTF_8 = StandardCharsets.UTF_8;

	@Test
	void whenParsedThenKeepsEmptyArguments() throws IOException {
		CommandLine line = parse("java", "", "-Dx=", "", "a b", "");
		assertThat(texts(line)).containsExactly("java", "", "-Dx=", "", "a b", "");
		assertThat(line.executable()).asString(UTF_8).isEqualTo("java");
		assertThat(line).hasToString("6 arguments");
	}

	@Test
	void whenNothingIsThereThenFails() {
		assertThatIOException().isThrownBy(() -> CommandLine.parse(new byte[0]))
			.withMessage("the command line in /proc/self/cmdline is empty");
	}

	@Test
	void ownBeginsWithJava() throws IOException {
		CommandLine own = CommandLine.own();
		assertThat(own.executable()).asString(UTF_8).endsWith("java");
		String[] recorded = Files.readString(Path.of("/proc/self/cmdline")).split("\0", -1);
		assertThat(texts(own))
			.containsExactly(List.of(recorded).subList(0, recorded.length - 1).toArray(new String[0]));
	}

	@Test
	void argumentsHaveACharacterForEachByte() throws IOException {
		CommandLine line = parse("java", "-D\u00e4", "", "app.jar");
		assertThat(line.arguments()).containsExactly("-D\u00c3\u00a4", "", "app.jar");
		assertThat(texts(CommandLine.of("java", line.arguments()))).containsExactly("java", "-D\u00e4", "", "app.jar");
	}

	private static List<String> texts(CommandLine line) {
		return line.bytes().stream().map((argument) -> new String(argument, UTF_8)).toList();
	}

	private static CommandLine parse(String... arguments) throws IOException {
		return CommandLine.parse(concatenate(arguments));
	}

	private static byte[] concatenate(String... arguments) {
		return (String.join("\0", arguments) + "\0").getBytes(UTF_8);
	}

}
