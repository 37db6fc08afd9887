package io.github.gracefulrestart.supervisor.systemd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.gracefulrestart.docs.Page;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the unit of {@code docs/systemd.md} to what the application prints.
 */
class SystemdPageTests {

	private static final String PART = "unit";

	@Test
	void theUnitIsTheOneThatIsPrinted() throws Exception {
		String unit = new SystemdUnit("shop", "shop", Path.of("/opt/shop"),
				List.of("/usr/lib/jvm/java-17/bin/java", "-jar", "/opt/shop/shop.jar"), Duration.ofSeconds(60))
			.text();
		assertThat(Page.read("docs/systemd.md").generated(PART)).isEqualTo("```ini\n" + unit + "```\n");
	}

}
