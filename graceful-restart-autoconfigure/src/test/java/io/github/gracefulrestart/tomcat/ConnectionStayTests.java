package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is not between two requests, or cannot be served by another process, stays.
 */
class ConnectionStayTests extends TwoServers {

	@Test
	void whenFileIsBeingSentThenConnectionMovesAfterwards() throws Exception {
		start();
		Path file = this.directory.resolve("large");
		int size = 32 << 20;
		Files.write(file, new byte[size]);
		try (SocketChannel client = SocketChannel.open()) {
			client.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
			client.connect(this.first.host().listener().localAddress());
			write(client, "GET /file?" + file + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
			awaitActive(1);
			this.first.beginDrain(this.second.capacity());
			steps(STEPS);
			assertThat(this.first.drain().summary()).isEqualTo(DrainSummary.NONE);
			CompletableFuture<Void> moving = CompletableFuture.runAsync(() -> {
				try {
					this.first.stepUntil(() -> this.first.host().connections().total() == 0);
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			int head = readHead(client);
			assertThat(head).isPositive();
			ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
			for (int left = size; left > 0; left -= buffer.position()) {
				buffer.clear().limit(Math.min(left, buffer.capacity()));
				assertThat(client.read(buffer)).isPositive();
			}
			moving.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			assertThat(this.first.drain().summary().moved()).isOne();
			write(client, "GET /?next HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			assertThat(new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.ISO_8859_1))
				.contains("second next ");
		}
		this.first.cancelDrain();
		assertNothingLost(0);
	}

	private static void write(SocketChannel client, String text) throws IOException {
		OutputStream out = Channels.newOutputStream(client);
		out.write(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	private static int readHead(SocketChannel client) throws IOException {
		StringBuilder head = new StringBuilder();
		ByteBuffer one = ByteBuffer.allocate(1);
		while (head.indexOf("\r\n\r\n") < 0) {
			assertThat(client.read(one.clear())).isOne();
			head.append((char) one.get(0));
		}
		return head.length();
	}

	@Test
	void whenRequestIsAsynchronousThenConnectionMovesAfterwards() throws Exception {
		start();
		RawHttp client = connect();
		client.writeGet("/async?waiting");
		awaitActive(1);
		this.first.beginDrain(this.second.capacity());
		steps(STEPS);
		assertThat(this.first.drain().summary()).isEqualTo(DrainSummary.NONE);
		this.first.servlet().release();
		HttpAnswer answer = client.read();
		assertAnswer(answer, this.first, "waiting");
		assertThat(answer.close()).isFalse();
		this.first.stepUntil(() -> this.first.host().connections().total() == 0);
		this.first.cancelDrain();
		assertAnswer(client.get("/?next"), this.second, "next");
		assertNothingLost(1);
	}

	@Test
	void whenConnectionWasUpgradedThenItStays() throws Exception {
		start();
		try (SocketChannel client = SocketChannel.open(this.first.host().listener().localAddress())) {
			write(client, "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
			assertThat(readHead(client)).isPositive();
			assertEchoes(client);
			this.first.beginDrain(this.second.capacity());
			steps(STEPS);
			assertThat(this.first.host().connections().total()).isOne();
			assertThat(this.first.drain().summary()).isEqualTo(DrainSummary.NONE);
			assertEchoes(client);
			this.first.cancelDrain();
			assertEchoes(client);
		}
		assertNothingLost(0);
	}

	private static void assertEchoes(SocketChannel client) throws IOException {
		write(client, "x");
		assertThat(client.read(ByteBuffer.allocate(1))).isOne();
	}

	@Test
	void whenConnectionIsEncryptedThenItStaysAndIsTold() throws Exception {
		start(TestTls.in(this.directory));
		try (RawHttp client = RawHttp.connect(this.first.port(), true, PATIENCE)) {
			assertAnswer(client.get("/?1"), this.first, "1");
			this.first.beginDrain(this.second.capacity());
			steps(STEPS);
			assertThat(this.first.drain().summary()).isEqualTo(DrainSummary.NONE);
			HttpAnswer last = client.get("/?2");
			assertAnswer(last, this.first, "2");
			assertThat(last.close()).isTrue();
			assertThat(client.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.EOF);
			this.first.cancelDrain();
		}
		assertNothingLost(0);
	}

}
