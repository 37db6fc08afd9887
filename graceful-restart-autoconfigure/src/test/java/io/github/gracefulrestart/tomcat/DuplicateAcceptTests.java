package io.github.gracefulrestart.tomcat;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DuplicateAcceptTests {

	private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);

	private static final InetSocketAddress ANOTHER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_001);

	private final DuplicateAccept duplicates = new DuplicateAccept();

	@Test
	void whenTheSameClientComesTwiceAtOnceThenIsADuplicate() {
		assertThat(this.duplicates.isDuplicate(CLIENT, 1_000_000)).isFalse();
		assertThat(this.duplicates.isDuplicate(CLIENT, 1_000_999)).isTrue();
	}

	@Test
	void whenTheSameClientComesLaterThenIsNone() {
		assertThat(this.duplicates.isDuplicate(CLIENT, 1_000_000)).isFalse();
		assertThat(this.duplicates.isDuplicate(CLIENT, 1_001_000)).isFalse();
	}

	@Test
	void whenAnotherClientComesAtOnceThenIsNone() {
		assertThat(this.duplicates.isDuplicate(CLIENT, 1_000_000)).isFalse();
		assertThat(this.duplicates.isDuplicate(ANOTHER, 1_000_001)).isFalse();
	}

}
