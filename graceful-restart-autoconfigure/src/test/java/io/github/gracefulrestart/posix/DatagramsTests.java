package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Datagrams arrive at a real socket.
 */
class DatagramsTests {

	private static final String CONTENT = "RELOADING=1\nSTATUS=für immer";

	@TempDir
	private Path directory;

	@Test
	void whenReceiverHasAPathThenItReceives() throws IOException {
		String path = this.directory.resolve("notify").toString();
		assertReceived(path, path);
	}

	@Test
	void whenReceiverHasAnAbstractNameThenItReceives() throws IOException {
		String name = UUID.randomUUID().toString();
		assertReceived("@" + name, "\0" + name);
	}

	private static void assertReceived(String address, String name) throws IOException {
		try (DatagramReceiver receiver = DatagramReceiver.bind(name)) {
			Datagrams.send(address, CONTENT.getBytes(StandardCharsets.UTF_8), List.of());
			assertThat(receiver.next()).isEqualTo(new DatagramReceiver.Datagram(CONTENT, List.of()));
			assertThat(receiver.next()).isNull();
		}
	}

	@Test
	void whenDescriptorsAreSentThenTheReceiverGetsCopies() throws IOException {
		String path = this.directory.resolve("notify").toString();
		try (DatagramReceiver receiver = DatagramReceiver.bind(path);
				Descriptor zero = new Descriptor(Native.posix().open("/dev/zero", 0, 0));
				Descriptor full = new Descriptor(Native.posix().open("/dev/full", 0, 0))) {
			Datagrams.send(path, CONTENT.getBytes(StandardCharsets.UTF_8), List.of(zero.number(), full.number()));
			DatagramReceiver.Datagram received = Objects.requireNonNull(receiver.next());
			assertThat(received.content()).isEqualTo(CONTENT);
			assertThat(received.descriptors()).hasSize(2);
			try (Descriptor first = received.descriptors().get(0); Descriptor second = received.descriptors().get(1)) {
				assertThat(first.number()).isNotEqualTo(zero.number());
				assertThat(Descriptors.target(first.number())).isEqualTo("/dev/zero");
				assertThat(Descriptors.target(second.number())).isEqualTo("/dev/full");
			}
		}
	}

	@Test
	void whenNobodyReceivesThenItSaysSo() {
		Path nowhere = this.directory.resolve("nowhere");
		assertThatIOException().isThrownBy(() -> Datagrams.send(nowhere.toString(), new byte[1], List.of()))
			.withMessageContaining(nowhere.toString());
	}

	@Test
	void whenAddressIsNoneThenNothingIsSent() {
		assertThatIOException().isThrownBy(() -> Datagrams.send("", new byte[1], List.of()));
		assertThatIOException().isThrownBy(() -> Datagrams.send("/" + "x".repeat(107), new byte[1], List.of()));
	}

}
