package io.github.gracefulrestart.testsupport;

import java.time.Duration;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LatenciesTests {

	@Test
	void percentilesAreNearestRank() {
		Latencies latencies = new Latencies(LongStream.rangeClosed(1, 1000).map((i) -> 1001 - i).toArray());
		assertThat(latencies.count()).isEqualTo(1000);
		assertThat(latencies.p50()).isEqualTo(Duration.ofNanos(500));
		assertThat(latencies.p99()).isEqualTo(Duration.ofNanos(990));
		assertThat(latencies.max()).isEqualTo(Duration.ofNanos(1000));
		assertThat(latencies.percentile(0)).isEqualTo(Duration.ofNanos(1));
	}

	@Test
	void whenThereAreNoneThenPercentilesAreZero() {
		assertThat(new Latencies(new long[0]).p99()).isZero();
	}

}
