package io.github.gracefulrestart.posix;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Paths outside of ASCII, in JVMs whose locale allows for them or does not.
 */
class SocketNameTests {

	@Test
	void whenPathIsInTheEncodingOfTheLocaleThenItIsRead() throws Exception {
		assertThat(readBy("C.UTF-8", "UTF-8")).isEqualTo("/run/gr\u00fcn.sock");
		assertThat(readBy("C.UTF-8", "ISO-8859-1")).isEqualTo("/run/gr\u00fcn.sock");
	}

	@Test
	void whenPathCannotBeWrittenInTheLocaleThenItIsAnAddressOfNoInterest() throws Exception {
		// Some other descriptor of this process may have it
		assertThat(readBy("C", "UTF-8")).isEqualTo("null");
	}

	private static String readBy(String locale, String encoding) throws Exception {
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Dstdout.encoding=UTF-8", "-cp", System.getProperty("java.class.path"),
				SocketNameProbe.class.getName(), encoding)
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.directory(new File("."));
		builder.environment().put("LC_ALL", locale);
		Process process = builder.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
		assertThat(process.waitFor()).as(output).isZero();
		return output;
	}

}
