package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
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
		assertReceived(path, path.getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void whenReceiverHasAnAbstractNameThenItReceives() throws IOException {
		String name = UUID.randomUUID().toString();
		assertReceived("@" + name, ("\0" + name).getBytes(StandardCharsets.UTF_8));
	}

	private static void assertReceived(String receiver, byte[] name) throws IOException {
		Receiver calls = LibraryLoader.create(Receiver.class).load("c");
		byte[] address = ByteBuffer.allocate(2 + name.length)
			.order(ByteOrder.nativeOrder())
			.putShort((short) 1)
			.put(name)
			.array();
		try (Descriptor socket = new Descriptor(calls.socket(1, 2, 0))) {
			assertThat(calls.bind(socket.number(), address, address.length)).isZero();
			Datagrams.send(receiver, CONTENT.getBytes(StandardCharsets.UTF_8));
			byte[] received = new byte[1000];
			int length = (int) calls.recv(socket.number(), received, received.length, 0);
			assertThat(new String(received, 0, length, StandardCharsets.UTF_8)).isEqualTo(CONTENT);
		}
	}

	@Test
	void whenNobodyReceivesThenItSaysSo() {
		Path nowhere = this.directory.resolve("nowhere");
		assertThatIOException().isThrownBy(() -> Datagrams.send(nowhere.toString(), new byte[1]))
			.withMessageContaining(nowhere.toString());
	}

	@Test
	void whenAddressIsNoneThenNothingIsSent() {
		assertThatIOException().isThrownBy(() -> Datagrams.send("", new byte[1]));
		assertThatIOException().isThrownBy(() -> Datagrams.send("/" + "x".repeat(107), new byte[1]));
	}

	/** See socket(2), bind(2) and recv(2). */
	public interface Receiver {

		int socket(int domain, int type, int protocol);

		int bind(int fd, @In byte[] address, int length);

		long recv(int fd, @Out byte[] buffer, long length, int flags);

	}

}
