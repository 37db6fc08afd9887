package io.github.gracefulrestart.tomcat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class Http2GoAwayTests {

	/**
	 * Tomcat writes the length, the type and the rest from buffers of their own.
	 */
	@ParameterizedTest
	@CsvSource({ "000008|070000000000|7fffffff00000000, true", "0000080700000000007fffffff00000000, true",
			"00|0008||07, true", "000008|060000000000|0000000000000007, false", "000708|000000000001|0707, false",
			"000008, false", "'', false" })
	void isKnownByTheTypeOfTheFirstFrame(String bytes, boolean expected) {
		ByteBuffer[] buffers = Stream.concat(Stream.of("0707"), Stream.of(bytes.split("\\|")))
			.map((part) -> ByteBuffer.wrap(HexFormat.of().parseHex(part)))
			.toArray(ByteBuffer[]::new);
		assertThat(Http2GoAway.begins(buffers, 1, buffers.length - 1)).isEqualTo(expected);
		assertThat(buffers[0].position()).isZero();
	}

}
