package io.github.gracefulrestart.supervisor.systemd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SystemdUnitTests {

	@Test
	void whenPrintedThenAllThatDiffersIsInIt() {
		assertThat(text("/opt/shop/bin/java", "-jar", "shop.jar").lines()).contains("User=www",
				"WorkingDirectory=/opt/shop", "ExecStart=/opt/shop/bin/java -jar shop.jar", "TimeoutStopSec=90",
				"RuntimeDirectory=shop", "PIDFile=%t/shop/main.pid", "ExecReload=/bin/sh %t/shop/reload");
	}

	/**
	 * See systemd.service(5), command lines.
	 */
	@Test
	void whenArgumentsHaveAMeaningForSystemdThenTheyAreQuoted() {
		assertThat(text("/bin/java", "-Da=b c", "-Dp=100%", "-Dv=$HOME", "-Dq=\"x\"", "-Db=\\", "", "-De=1;2").lines())
			.contains(
					"ExecStart=/bin/java \"-Da=b c\" \"-Dp=100%%\" \"-Dv=$$HOME\" \"-Dq=\\\"x\\\"\" \"-Db=\\\\\" \"\" "
							+ "\"-De=1;2\"");
	}

	private static String text(String... command) {
		return new SystemdUnit("shop", "www", Path.of("/opt/shop"), List.of(command), Duration.ofSeconds(90)).text();
	}

}
