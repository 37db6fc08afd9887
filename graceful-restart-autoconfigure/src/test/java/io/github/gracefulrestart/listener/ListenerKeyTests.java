package io.github.gracefulrestart.listener;

import java.net.InetSocketAddress;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ListenerKeyTests {

	@Test
	void addressesAreWrittenInOneWay() {
		assertThat(tcp("server", "127.0.0.1", 8080).address()).isEqualTo("127.0.0.1:8080");
		assertThat(tcp("server", "::1", 8080).address()).isEqualTo("[0:0:0:0:0:0:0:1]:8080");
		assertThat(tcp("server", "0.0.0.0", 8080).address()).isEqualTo("*:8080");
		assertThat(tcp("server", "::", 8080).address()).isEqualTo("*:8080");
		assertThat(ListenerKey.tcp("server", new InetSocketAddress(8080)).address()).isEqualTo("*:8080");
		assertThat(ListenerKey.unix("u", Path.of("/run/x/../app.sock")).address()).isEqualTo("unix:/run/app.sock");
		assertThat(ListenerKey.unix("u", Path.of("app.sock")).address())
			.isEqualTo("unix:" + Path.of("").toAbsolutePath().resolve("app.sock"));
		assertThat(tcp("server", "127.0.0.1", 8080)).hasToString("server (127.0.0.1:8080)");
	}

	@Test
	void fixedPortIsRecognisedByItsAddressAlone() {
		assertThat(tcp("server", "127.0.0.1", 80).accepts(tcp("other", "127.0.0.1", 80))).isTrue();
		assertThat(tcp("server", "127.0.0.1", 80).accepts(tcp("server", "127.0.0.1", 81))).isFalse();
		assertThat(tcp("server", "127.0.0.1", 80).accepts(tcp("server", "127.0.0.2", 80))).isFalse();
		assertThat(tcp("server", "127.0.0.1", 80).accepts(tcp("server", "0.0.0.0", 80))).isFalse();
	}

	@Test
	void anyFreePortIsRecognisedByItsNameToo() {
		assertThat(tcp("server", "127.0.0.1", 0).accepts(tcp("server", "127.0.0.1", 0))).isTrue();
		assertThat(tcp("server", "127.0.0.1", 0).accepts(tcp("management", "127.0.0.1", 0))).isFalse();
		assertThat(tcp("server", "127.0.0.1", 0).accepts(tcp("server", "0.0.0.0", 0))).isFalse();
		assertThat(tcp("server", "127.0.0.1", 8080).accepts(tcp("server", "127.0.0.1", 0))).isFalse();
	}

	@Test
	void portThatEndsInZeroIsFixed() {
		assertThat(tcp("server", "127.0.0.1", 8080).accepts(tcp("other", "127.0.0.1", 8080))).isTrue();
	}

	@Test
	void unixDomainSocketIsRecognisedByItsPath() {
		ListenerKey key = ListenerKey.unix("a", Path.of("/run/app.sock"));
		assertThat(key.isUnix()).isTrue();
		assertThat(key.accepts(ListenerKey.unix("b", Path.of("/run/./app.sock")))).isTrue();
		assertThat(key.accepts(ListenerKey.unix("a", Path.of("/run/other.sock")))).isFalse();
		// Looks like any free port and is not
		assertThat(ListenerKey.unix("a", Path.of("/run/app:0")).accepts(ListenerKey.unix("b", Path.of("/run/app:0"))))
			.isTrue();
		assertThat(tcp("a", "127.0.0.1", 80).isUnix()).isFalse();
	}

	@SuppressWarnings("AddressSelection") // numeric
	private static ListenerKey tcp(String name, String host, int port) {
		return ListenerKey.tcp(name, new InetSocketAddress(host, port));
	}

}
