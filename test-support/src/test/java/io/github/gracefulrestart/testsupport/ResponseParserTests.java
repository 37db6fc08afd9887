package io.github.gracefulrestart.testsupport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ResponseParserTests {

	private final ByteArrayOutputStream body = new ByteArrayOutputStream();

	private final ResponseParser parser = new ResponseParser((piece) -> this.body
		.writeBytes(StandardCharsets.ISO_8859_1.decode(piece).toString().getBytes(StandardCharsets.ISO_8859_1)));

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Pid: 42\r\n\r\nhello",
			"HTTP/1.1 200 \r\ncontent-length:5\r\nx-pid:42\r\n\r\nhello",
			"HTTP/1.1 200 OK\r\nX-Pid: 42\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: x\r\n\r\n",
			"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Pid: 42\r\n\r\nhello" })
	void readsTheSameInAnyPieces(String response) {
		byte[] bytes = response.getBytes(StandardCharsets.ISO_8859_1);
		for (int size = 1; size <= bytes.length; size++) {
			this.parser.reset();
			this.body.reset();
			ResponseParser.Progress progress = ResponseParser.Progress.MORE;
			for (int from = 0; from < bytes.length; from += size) {
				assertThat(progress).isEqualTo(ResponseParser.Progress.MORE);
				progress = this.parser.feed(ByteBuffer.wrap(bytes, from, Math.min(size, bytes.length - from)));
			}
			assertThat(progress).isEqualTo(ResponseParser.Progress.DONE);
			assertThat(this.parser.status()).isEqualTo(200);
			assertThat(this.parser.pid()).isEqualTo(42);
			assertThat(this.parser.close()).isFalse();
			assertThat(this.body).hasToString("hello");
		}
	}

	@Test
	void whenBytesFollowThenLeavesThem() {
		ByteBuffer input = bytes("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1");
		assertThat(this.parser.feed(input)).isEqualTo(ResponseParser.Progress.DONE);
		assertThat(input.remaining()).isEqualTo(8);
	}

	@Test
	void whenNothingDelimitsTheBodyThenItEndsWithTheConnection() {
		assertThat(this.parser.feed(bytes("HTTP/1.1 200 OK\r\n\r\nhel"))).isEqualTo(ResponseParser.Progress.MORE);
		assertThat(this.parser.feed(bytes("lo"))).isEqualTo(ResponseParser.Progress.MORE);
		assertThat(this.parser.completeAtEndOfStream()).isTrue();
		assertThat(this.parser.close()).isTrue();
		assertThat(this.body).hasToString("hello");
	}

	@Test
	void readsWhetherTheConnectionCloses() {
		this.parser.feed(bytes("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n"));
		assertThat(this.parser.close()).isTrue();
		this.parser.reset();
		this.parser.feed(bytes("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"));
		assertThat(this.parser.close()).isFalse();
		this.parser.reset();
		this.parser.feed(bytes("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
		assertThat(this.parser.close()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SSH-2.0", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 OK\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n" })
	void whenThatIsNotHttpThenSaysSo(String response) {
		assertThat(this.parser.feed(bytes(response))).isEqualTo(ResponseParser.Progress.BAD);
	}

	@Test
	void joinsHeadersOfTheSameName() {
		this.parser.feed(bytes("HTTP/1.1 200 OK\r\nVary: a\r\nvary: b\r\nContent-Length: 0\r\n\r\n"));
		assertThat(this.parser.headers()).containsEntry("VARY", "a, b");
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
	}

}
