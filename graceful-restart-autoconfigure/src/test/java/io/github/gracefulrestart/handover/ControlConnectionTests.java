package io.github.gracefulrestart.handover;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.posix.DescriptorChannel;
import io.github.gracefulrestart.posix.DescriptorServer;
import io.github.gracefulrestart.posix.Descriptors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Both ends of a real Unix domain socket.
 */
@SuppressWarnings("try") // closes early on purpose
class ControlConnectionTests {

	@TempDir
	Path directory;

	private DescriptorServer server;

	@BeforeEach
	void listen() throws IOException {
		this.server = DescriptorServer.bind(this.directory.resolve("s"));
	}

	@AfterEach
	void stop() throws IOException {
		this.server.close();
	}

	@Test
	void messagesOfAllTypesArriveInOrder() throws Exception {
		try (ControlConnection sender = ControlConnection.connect(this.directory.resolve("s"), Dialect.OWN);
				ControlConnection receiver = accept()) {
			for (Message message : Messages.all()) {
				sender.send(message);
			}
			for (Message message : Messages.all()) {
				ReceivedMessage received = receiver.receive();
				assertThat(received.message()).isEqualTo(message);
				assertThat(received.version()).isEqualTo(Dialect.VERSION);
				assertThat(received.descriptors()).isEmpty();
			}
		}
	}

	@Test
	void descriptorsArriveWithTheirMessage() throws Exception {
		try (ControlConnection sender = ControlConnection.connect(this.directory.resolve("s"), Dialect.OWN);
				ControlConnection receiver = accept();
				ServerSocketChannel first = listener();
				ServerSocketChannel second = listener()) {
			int firstNumber = Descriptors.ofListening(first.getLocalAddress());
			int secondNumber = Descriptors.ofListening(second.getLocalAddress());
			sender.send(new Welcome(2, List.of(), List.of()), List.of(firstNumber, secondNumber));
			sender.send(new Ready());
			ReceivedMessage welcome = receiver.receive();
			assertThat(welcome.message()).isInstanceOf(Welcome.class);
			assertThat(welcome.descriptors()).hasSize(2);
			assertThat(Descriptors.target(welcome.descriptors().get(0).number()))
				.isEqualTo(Descriptors.target(firstNumber));
			assertThat(Descriptors.target(welcome.descriptors().get(1).number()))
				.isEqualTo(Descriptors.target(secondNumber));
			welcome.discard();
			assertThat(receiver.receive()).isEqualTo(new ReceivedMessage(Dialect.VERSION, new Ready(), List.of()));
		}
	}

	@Test
	void whenAnUnknownMessageMayBeSkippedThenItsDescriptorsAreClosedAndTheNextIsReceived() throws Exception {
		OpenDescriptors before = OpenDescriptors.now();
		DescriptorChannel channel = DescriptorChannel.connect(this.directory.resolve("s"));
		try (ControlConnection sender = new ControlConnection(channel, Dialect.OWN);
				ControlConnection receiver = accept();
				ServerSocketChannel listener = listener()) {
			int number = Descriptors.ofListening(listener.getLocalAddress());
			byte[] skippable = MutatedFrames.skippable();
			for (int i = 0; i < 3; i++) {
				channel.send(ByteBuffer.allocateDirect(skippable.length).put(skippable).flip(), List.of(number));
			}
			sender.send(new Ready());
			assertThat(receiver.receive()).isEqualTo(new ReceivedMessage(Dialect.VERSION, new Ready(), List.of()));
			// Both ends and the listener
			assertThat(OpenDescriptors.now().socketsSince(before)).hasSize(3);
		}
	}

	@Test
	void whenPeerSpeaksAnotherVersionThanAgreedThenNamesBoth() throws Exception {
		try (ControlConnection sender = ControlConnection.connect(this.directory.resolve("s"), Dialect.OWN);
				ControlConnection receiver = accept()) {
			receiver.agree(1, List.of("one"));
			assertThat(receiver.dialect()).isEqualTo(Dialect.OWN);
			sender.send(new Ready());
			assertThat(receiver.receive().version()).isEqualTo(1);
		}
		try (SocketChannel sender = connectRaw(); ControlConnection receiver = accept()) {
			sender.write(Frame.encode(2, new Ready()));
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(receiver::receive)
				.withMessage("the peer speaks version 2 of the protocol, this process version 1");
		}
	}

	@Test
	void whenMessageComesInPiecesThenIsPutTogether() throws Exception {
		try (SocketChannel sender = connectRaw(); ControlConnection receiver = accept()) {
			CompletableFuture<ReceivedMessage> received = receiveLater(receiver);
			ByteBuffer frame = Frame.encode(Dialect.VERSION, new Hello("token", List.of()));
			while (frame.hasRemaining()) {
				sender.write(ByteBuffer.wrap(new byte[] { frame.get() }));
			}
			assertThat(received.get(5, TimeUnit.SECONDS).message()).isEqualTo(new Hello("token", List.of()));
		}
	}

	@Test
	void whenPeerClosesBetweenMessagesThenIsEndOfFile() throws Exception {
		try (ControlConnection receiver = acceptAfter(List.of())) {
			assertThatExceptionOfType(EOFException.class).isThrownBy(receiver::receive);
		}
	}

	@Test
	void whenPeerIsGoneInTheMiddleThenSaysSo() throws Exception {
		byte[] frame = bytes(new Hello("token", List.of()));
		for (int length = 1; length < frame.length; length++) {
			try (ControlConnection receiver = acceptAfter(List.of(ByteBuffer.wrap(frame, 0, length)))) {
				assertThatExceptionOfType(ProtocolException.class).as("after %d bytes", length)
					.isThrownBy(receiver::receive)
					.withMessage("the peer was gone in the middle of a message");
			}
		}
	}

	@Test
	void whenPeerFallsSilentInTheMiddleThenIsGivenUp() throws Exception {
		byte[] frame = bytes(new Hello("token", List.of()));
		// One in the header, one in the fields, waiting at the same time
		try (SocketChannel first = connectRaw();
				ControlConnection early = accept();
				SocketChannel second = connectRaw();
				ControlConnection late = accept()) {
			first.write(ByteBuffer.wrap(frame, 0, 5));
			second.write(ByteBuffer.wrap(frame, 0, frame.length - 1));
			long start = System.nanoTime();
			for (CompletableFuture<ReceivedMessage> received : List.of(receiveLater(early), receiveLater(late))) {
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> received.get(20, TimeUnit.SECONDS))
					.havingCause()
					.isInstanceOf(ProtocolException.class)
					.withMessage("the peer stopped in the middle of a message");
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(4),
					Duration.ofSeconds(10));
		}
	}

	@Test
	void whenPeerIsSilentFromTheStartThenOnlyTheImpatientGiveUp() throws Exception {
		try (SocketChannel first = connectRaw();
				ControlConnection impatient = accept();
				SocketChannel second = connectRaw();
				ControlConnection patient = accept()) {
			CompletableFuture<ReceivedMessage> received = receiveLater(patient);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(impatient::receiveNow);
			assertThat(first.isOpen()).isTrue();
			assertThat(received).isNotDone();
			second.write(Frame.encode(Dialect.VERSION, new Ready()));
			assertThat(received.get(5, TimeUnit.SECONDS).message()).isEqualTo(new Ready());
		}
	}

	@Test
	void whenClosedThenWaitingThreadIsWoken() throws Exception {
		try (SocketChannel peer = connectRaw(); ControlConnection receiver = accept()) {
			CompletableFuture<ReceivedMessage> received = receiveLater(receiver);
			receiver.close();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> received.get(3, TimeUnit.SECONDS))
				.withCauseInstanceOf(IOException.class);
			assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
			assertThatIOException().isThrownBy(() -> receiver.send(new Ready()));
			receiver.close();
		}
	}

	private ControlConnection acceptAfter(List<ByteBuffer> pieces) throws IOException {
		try (SocketChannel sender = connectRaw()) {
			for (ByteBuffer piece : pieces) {
				sender.write(piece);
			}
			return accept();
		}
	}

	private ControlConnection accept() throws IOException {
		return new ControlConnection(this.server.accept(), Dialect.OWN);
	}

	private SocketChannel connectRaw() throws IOException {
		return SocketChannel.open(UnixDomainSocketAddress.of(this.directory.resolve("s")));
	}

	private static CompletableFuture<ReceivedMessage> receiveLater(ControlConnection connection) {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return connection.receive();
			}
			catch (IOException ex) {
				throw new CompletionException(ex);
			}
		}, (task) -> new Thread(task, "receiver").start());
	}

	private static ServerSocketChannel listener() throws IOException {
		return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	private static byte[] bytes(Message message) {
		ByteBuffer frame = Frame.encode(Dialect.VERSION, message);
		byte[] bytes = new byte[frame.remaining()];
		frame.get(bytes);
		return bytes;
	}

}
