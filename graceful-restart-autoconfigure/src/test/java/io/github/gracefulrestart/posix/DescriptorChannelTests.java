package io.github.gracefulrestart.posix;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

class DescriptorChannelTests {

	private static final int CLOSE_ON_EXEC = 0x80000;

	@TempDir
	Path directory;

	private DescriptorServer server;

	private DescriptorChannel sender;

	private DescriptorChannel receiver;

	@BeforeEach
	void connect() throws IOException {
		this.server = DescriptorServer.bind(this.directory.resolve("s"));
		this.sender = DescriptorChannel.connect(this.directory.resolve("s"));
		this.receiver = this.server.accept();
	}

	@AfterEach
	void close() throws IOException {
		this.sender.close();
		this.receiver.close();
		this.server.close();
	}

	@Test
	void peerIsWhoTheKernelSaysItIs() throws IOException {
		assertThat(this.receiver.peer())
			.isEqualTo(new Credentials(ProcessHandle.current().pid(), Credentials.ownUid()));
	}

	@Test
	void whenThisProcessBecomesAnotherProgramThenThePeerSeesTheEnd() throws IOException {
		Set<String> before = new HashSet<>();
		Descriptors.ownDescriptors((number) -> before.add(Descriptors.target(number)));
		try (DescriptorChannel connected = DescriptorChannel.connect(this.directory.resolve("s"));
				DescriptorChannel accepted = this.server.accept()) {
			assertThat(connected.peer()).isEqualTo(accepted.peer());
			List<Integer> sockets = Descriptors.ownDescriptors((number) -> !before.contains(Descriptors.target(number))
					&& Descriptors.target(number).startsWith("socket:"));
			assertThat(sockets).hasSize(2);
			for (int number : sockets) {
				assertThat(flags(number) & CLOSE_ON_EXEC).isNotZero();
			}
		}
	}

	@Test
	void receivedDescriptorsReferToTheSameAndAreCloseOnExec() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		try (Descriptor sent = open(file)) {
			this.sender.send(direct("abc"), List.of(sent.number(), sent.number()));
			List<Descriptor> received = new ArrayList<>();
			assertThat(receive(3, received)).isEqualTo("abc");
			assertThat(received).hasSize(2);
			for (Descriptor descriptor : received) {
				assertThat(descriptor.number()).isNotEqualTo(sent.number());
				assertThat(Descriptors.target(descriptor.number())).isEqualTo(file.toString());
				assertThat(flags(descriptor.number()) & CLOSE_ON_EXEC).isNotZero();
				descriptor.close();
			}
			assertThat(Descriptors.target(sent.number())).isEqualTo(file.toString());
		}
	}

	@Test
	void takesAsManyDescriptorsAsTheKernelAllows() throws IOException {
		this.sender.send(direct("x"), Collections.nCopies(DescriptorChannel.MAX_DESCRIPTORS, 0));
		List<Descriptor> received = new ArrayList<>();
		assertThat(receive(1, received)).isEqualTo("x");
		assertThat(received).hasSize(DescriptorChannel.MAX_DESCRIPTORS);
		received.forEach(Descriptor::close);
		assertThatExceptionOfType(PosixException.class)
			.isThrownBy(
					() -> this.sender.send(direct("x"), Collections.nCopies(DescriptorChannel.MAX_DESCRIPTORS + 1, 0)))
			.withMessageMatching("sendmsg\\(\\d+\\) failed with EINVAL \\(22\\): Invalid argument");
	}

	@Test
	void whenDescriptorIsNotOpenThenSaysSo() {
		assertThatExceptionOfType(PosixException.class).isThrownBy(() -> this.sender.send(direct("x"), List.of(9999)))
			.withMessageMatching("sendmsg\\(\\d+\\) failed with EBADF \\(9\\): Bad file descriptor");
	}

	@Test
	void moreThanTheSocketBufferHoldsArrivesWhole() throws Exception {
		int length = 1 << 20;
		CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
			try {
				this.sender.send(ByteBuffer.allocateDirect(length), List.of(0));
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
		List<Descriptor> received = new ArrayList<>();
		assertThat(receive(length, received)).hasSize(length);
		assertThat(received).hasSize(1);
		received.forEach(Descriptor::close);
		sending.get(5, TimeUnit.SECONDS);
	}

	@Test
	void whenNothingComesInTimeThenTimesOut() throws IOException {
		this.receiver.setTimeout(Duration.ofMillis(50));
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> receive(1, new ArrayList<>()))
			.withMessage("the peer did not answer in time");
	}

	@Test
	void whenPeerDoesNotReadThenTimesOut() throws IOException {
		this.sender.setTimeout(Duration.ofMillis(50));
		assertThatExceptionOfType(SocketTimeoutException.class)
			.isThrownBy(() -> this.sender.send(ByteBuffer.allocateDirect(1 << 22), List.of()));
	}

	@Test
	void whenPeerHasClosedThenIsEndOfFileAndSendingFailsWithoutASignal() throws IOException {
		this.sender.close();
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> receive(1, new ArrayList<>()));
		assertThatExceptionOfType(PosixException.class).isThrownBy(() -> this.receiver.send(direct("x"), List.of()))
			.withMessageMatching("sendmsg\\(\\d+\\) failed with EPIPE \\(32\\): Broken pipe");
	}

	@Test
	void whenClosedThenCannotBeUsed() throws IOException {
		this.sender.close();
		this.sender.close();
		assertThatIOException().isThrownBy(() -> this.sender.send(direct("x"), List.of()));
	}

	@Test
	void whenServerIsShutDownThenWaitingThreadIsWoken() throws Exception {
		CompletableFuture<DescriptorChannel> accepting = CompletableFuture.supplyAsync(() -> {
			try {
				return this.server.accept();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}, (task) -> new Thread(task, "acceptor").start());
		this.server.shutdown();
		assertThat(accepting.handle((channel, failure) -> failure != null).get(3, TimeUnit.SECONDS)).isTrue();
	}

	private String receive(int length, List<Descriptor> received) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocateDirect(length);
		this.receiver.receive(buffer, received);
		return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
	}

	private static ByteBuffer direct(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
		return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
	}

	private static int flags(int number) throws IOException {
		return Files.readAllLines(Path.of("/proc/self/fdinfo/" + number))
			.stream()
			.filter((line) -> line.startsWith("flags:"))
			.mapToInt((line) -> Integer.parseInt(line.substring("flags:".length()).strip(), 8))
			.findFirst()
			.orElseThrow();
	}

	private static Descriptor open(Path file) throws PosixException {
		return new Descriptor(Native.check(Native.posix().open(file.toString(), 0, 0), "open(" + file + ")"));
	}

}
