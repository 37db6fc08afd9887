package io.github.gracefulrestart.handover;

import java.io.IOException;
import java.util.List;

import io.github.gracefulrestart.listener.ListenerKey;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpareListenersTests {

	@Test
	void descriptionTellsWhatTheyAre() {
		List<ListenerKey> listeners = List.of(new ListenerKey("server", "[::1]:8080"),
				new ListenerKey("a&b=\u00e4", "unix:/run/a b%.sock"));
		String description = SpareListeners.describe(listeners);
		assertThat(description).isPrintable().isASCII().doesNotContain(" ");
		assertThat(SpareListeners.read(description)).isEqualTo(listeners);
		assertThat(SpareListeners.read("")).isEmpty();
		// A newer predecessor may say more of each
		assertThat(SpareListeners.read("a=b=c&d=e=")).containsExactly(new ListenerKey("a", "b"),
				new ListenerKey("d", "e"));
	}

	@Test
	void whenTheEnvironmentWasMeantForAnotherProcessThenThereAreNone() throws IOException {
		// The descriptors from 7 on are what this JVM happens to have
		String description = SpareListeners.describe(List.of(new ListenerKey("server", "*:8080")));
		assertThat(SpareListeners.own(description)).isEmpty();
		assertThat(SpareListeners.own("nonsense")).isEmpty();
		assertThat(SpareListeners.own("server=%zz")).isEmpty();
	}

}
