package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class CommandLineTests {

	private static final Charset UTF_8 = StandardCharsets.UTF_8;

	@TempDir
	Path directory;

	@Test
	void whenParsedThenKeepsEmptyArguments() throws IOException {
		CommandLine line = parse("java", "", "-Dx=", "", "a b", "");
		assertThat(line.decode(UTF_8)).containsExactly("java", "", "-Dx=", "", "a b", "");
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
		assertThat(own.decode(UTF_8))
			.containsExactly(List.of(recorded).subList(0, recorded.length - 1).toArray(new String[0]));
	}

	@Test
	void argumentsHaveACharacterForEachByte() throws IOException {
		CommandLine line = parse("java", "-D\u00e4", "", "app.jar");
		assertThat(line.arguments()).containsExactly("-D\u00c3\u00a4", "", "app.jar");
		assertThat(CommandLine.of("java", line.arguments()).decode(UTF_8)).containsExactly("java", "-D\u00e4", "",
				"app.jar");
	}

	@Test
	void knowsWhatAPlatformCannotExpress() throws IOException {
		assertThat(parse("java", "-Dname=plain", "").survives(StandardCharsets.US_ASCII)).isTrue();
		assertThat(parse("java", "-Dname=\u00e4\ud83d\ude80").survives(StandardCharsets.US_ASCII)).isFalse();
		assertThat(parse("java", "-Dname=\u00e4\ud83d\ude80").survives(UTF_8)).isTrue();
		// A file name of another time
		CommandLine latin = CommandLine.parse(new byte[] { 'j', 0, (byte) 0xe4, 0 });
		assertThat(latin.survives(UTF_8)).isFalse();
		assertThat(latin.survives(StandardCharsets.ISO_8859_1)).isTrue();
	}

	@Test
	void scriptPassesEveryByteAsItIs() throws Exception {
		byte[] all = new byte[255];
		for (int i = 0; i < all.length; i++) {
			all[i] = (byte) (i + 1);
		}
		String odd = "''\"$HOME `date` \\ \n\t*?[a] ~ # ! & | ; < > \u00e4\ud83d\ude80 %s -n";
		byte[] own = concatenate("/bin/cat", "/proc/self/cmdline", "--", "/dev/null", "", odd, "'");
		byte[] bytes = new byte[own.length + all.length + 1];
		System.arraycopy(own, 0, bytes, 0, own.length);
		System.arraycopy(all, 0, bytes, own.length, all.length);
		CommandLine line = CommandLine.parse(bytes);
		Path script = Files.write(this.directory.resolve("launch"), line.toScript());
		// Files that do not exist make it complain, but not before it has shown its
		// command line
		Process process = new ProcessBuilder("/bin/sh", script.toString())
			.redirectError(ProcessBuilder.Redirect.DISCARD)
			.start();
		byte[] shown = process.getInputStream().readAllBytes();
		process.waitFor();
		assertThat(shown).isEqualTo(bytes);
	}

	@Test
	void scriptBecomesTheCommand() throws Exception {
		CommandLine line = parse("/bin/sh", "-c", "echo $$");
		Path script = Files.write(this.directory.resolve("launch"), line.toScript());
		Process process = new ProcessBuilder("/bin/sh", script.toString()).start();
		assertThat(new String(process.getInputStream().readAllBytes(), UTF_8).strip())
			.isEqualTo(String.valueOf(process.pid()));
		assertThat(process.waitFor()).isZero();
	}

	private static CommandLine parse(String... arguments) throws IOException {
		return CommandLine.parse(concatenate(arguments));
	}

	private static byte[] concatenate(String... arguments) {
		return (String.join("\0", arguments) + "\0").getBytes(UTF_8);
	}

}
