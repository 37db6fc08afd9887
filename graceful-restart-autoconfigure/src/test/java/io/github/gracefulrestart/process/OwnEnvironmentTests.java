package io.github.gracefulrestart.process;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An environment keeps its bytes, whatever the JDK makes of them.
 */
class OwnEnvironmentTests {

	@Test
	void whatIsUnchangedKeepsItsBytes() throws Exception {
		// In the POSIX locale the JDK shows replacement characters
		byte[] own = "GREETING=gr\u00fc\u00dfe\0PLAIN=a=b\0GONE=x\0".getBytes(StandardCharsets.UTF_8);
		String shown = new String("gr\u00fc\u00dfe".getBytes(StandardCharsets.UTF_8), StandardCharsets.US_ASCII);
		Map<String, String> environment = new LinkedHashMap<>();
		environment.put("GREETING", shown);
		environment.put("PLAIN", "changed");
		environment.put("ADDED", "y");
		List<byte[]> encoded = OwnEnvironment.encode(environment, StandardCharsets.US_ASCII, own);
		assertThat(encoded).extracting((entry) -> new String(entry, StandardCharsets.UTF_8))
			.containsExactly("GREETING=gr\u00fc\u00dfe", "PLAIN=changed", "ADDED=y");
	}

	@Test
	void theEnvironmentOfThisJvmIsFound() throws Exception {
		List<byte[]> encoded = OwnEnvironment.encode(System.getenv(), StandardCharsets.UTF_8);
		assertThat(encoded).hasSameSizeAs(System.getenv().keySet());
		assertThat(encoded).contains(("PATH=" + System.getenv("PATH")).getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void whatIsNoTextIsDamagedWithoutTheBytes() {
		Map<String, String> environment = Map.of("PLAIN", "x", "LATIN", "gr\u00fc\u00dfe", "ODD", "a\uFFFDb");
		assertThat(OwnEnvironment.damaged(environment, StandardCharsets.UTF_8)).containsExactly("ODD");
		assertThat(OwnEnvironment.damaged(environment, StandardCharsets.US_ASCII)).containsExactly("LATIN", "ODD");
		assertThat(OwnEnvironment.damaged()).isEmpty();
	}

}
