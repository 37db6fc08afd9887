package io.github.gracefulrestart.listener;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionStateTests {

	@Test
	void whenAnotherProcessSaysWhatCannotBeThenItCanBeReckonedWith() {
		ConnectionState state = new ConnectionState(Duration.ofMillis(Long.MAX_VALUE), 1);
		assertThat(state.idle().plus(state.idle()).toMillis()).isPositive();
		assertThat(new ConnectionState(Duration.ofMillis(Long.MIN_VALUE), 1).idle()).isZero();
	}

	@Test
	void whenIdleThenTimeIsKept() {
		assertThat(new ConnectionState(Duration.ofMillis(1234), -1).idle()).hasMillis(1234);
	}

}
