package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LaunchContractTests {

	/**
	 * What {@code docs/protocol.md} says of the variables is what there is.
	 */
	@Test
	void theTableOfVariablesIsTheContract() throws IOException {
		assertThat(Files.readAllLines(Path.of("../docs/protocol.md"))
			.stream()
			.filter((line) -> line.startsWith("| `GRACEFUL_RESTART_"))
			.map((line) -> line.replaceFirst("^\\| `(\\w+)`.*", "$1")))
			.containsExactlyElementsOf(LaunchContract.VARIABLES);
	}

}
