package io.github.gracefulrestart.handover;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.handover.Message.Refused;
import io.github.gracefulrestart.posix.Credentials;
import io.github.gracefulrestart.posix.DescriptorChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * A real control socket. Every peer has the process id of this JVM, so the tests vary the
 * process that the server takes for the successor.
 */
class ControlServerTests {

	private static final long OWN_PID = ProcessHandle.current().pid();

	@TempDir
	Path parent;

	private final AtomicLong successor = new AtomicLong(OWN_PID);

	private final BlockingQueue<String> intruders = new LinkedBlockingQueue<>();

	private OpenDescriptors before;

	private ControlServer server;

	@BeforeEach
	void open() throws IOException {
		Credentials.ownUid(); // loads native code, which opens descriptors
		this.before = OpenDescriptors.now();
		this.server = ControlServer.open(this.parent);
	}

	@AfterEach
	void whenStoppedThenNothingIsLeft() throws IOException {
		this.server.stop();
		assertThat(this.parent).isEmptyDirectory();
		assertThat(OpenDescriptors.now().socketsSince(this.before)).isEmpty();
	}

	@Test
	void onlyThisUserMayEnter() throws IOException {
		assertThat(this.server.directory()).isDirectory().hasParent(this.parent);
		assertThat(Files.getPosixFilePermissions(this.server.directory()))
			.isEqualTo(PosixFilePermissions.fromString("rwx------"));
		assertThat(this.server.socket()).hasParent(this.server.directory()).exists();
	}

	@Test
	void tokensAreLongAndDiffer() throws IOException {
		try (ControlServer other = ControlServer.open(this.parent)) {
			assertThat(this.server.token()).matches("[0-9a-f]{64}").isNotEqualTo(other.token());
		}
	}

	@Test
	void whenStoppedThenTakesAllInItsDirectoryWithIt() throws IOException {
		Files.writeString(this.server.directory().resolve("launch"), "exec java\n");
		this.server.stop();
		this.server.stop();
		this.server.close();
		assertThat(this.server.directory()).doesNotExist();
	}

	@Test
	void whenPathIsTooLongThenSaysSoAndLeavesNothing() throws IOException {
		Path deep = Files.createDirectories(this.parent.resolve("d".repeat(60)).resolve("e".repeat(60)));
		assertThatIOException().isThrownBy(() -> ControlServer.open(deep))
			.withMessageEndingWith("is longer than the 107 bytes that a socket's path may have");
		assertThat(deep).isEmptyDirectory();
		Files.delete(deep);
		Files.delete(deep.getParent());
	}

	@Test
	void whenPathFitsThenFitsWithTheLongestNameAsWell() {
		// The directory gets a number of up to 20 digits, and a socket's path 107 bytes
		int longest = 107 - "/graceful-restart-".length() - "18446744073709551615".length() - "/control".length();
		assertThat(ControlServer.fits(Path.of("/" + "d".repeat(longest - 1)))).isTrue();
		assertThat(ControlServer.fits(Path.of("/" + "d".repeat(longest)))).isFalse();
	}

	@Test
	void whenDirectoryIsMissingThenFails() {
		assertThatIOException().isThrownBy(() -> ControlServer.open(this.parent.resolve("missing")));
	}

	@Test
	void whenSuccessorShowsTokenThenIsLetIn() throws Exception {
		CompletableFuture<ControlConnection> awaited = await();
		letIn(awaited);
		assertThat(this.intruders).isEmpty();
	}

	@Test
	void whenSuccessorIsNewerThenIsLetInWithWhatThisProcessKnows() throws Exception {
		CompletableFuture<ControlConnection> awaited = await();
		// The peer knows that it talks to this version, and appends fields
		byte[] hello = MutatedFrames.bytes(new Hello(this.server.token(), List.of("of a version to come")));
		byte[] longer = Arrays.copyOf(hello, hello.length + 7);
		ByteBuffer.wrap(longer).putInt(MutatedFrames.LENGTH_OFFSET, longer.length - MutatedFrames.HEADER_LENGTH);
		try (SocketChannel client = connectRaw()) {
			client.write(ByteBuffer.wrap(MutatedFrames.skippable()));
			client.write(ByteBuffer.wrap(longer));
			client.write(ByteBuffer.wrap(MutatedFrames.skippable()));
			client.write(Frame.encode(1, new Ready()));
			try (ControlConnection accepted = awaited.get(15, TimeUnit.SECONDS)) {
				assertThat(accepted.dialect()).isEqualTo(new Dialect(1, List.of()));
				assertThat(accepted.receive().message()).isEqualTo(new Ready());
			}
		}
		assertThat(this.intruders).isEmpty();
	}

	@Test
	void whenServerIsStoppedThenEstablishedConnectionStays() throws Exception {
		CompletableFuture<ControlConnection> awaited = await();
		try (ControlConnection client = ControlConnection.connect(this.server.socket(), Dialect.OWN)) {
			client.send(new Hello(this.server.token(), List.of()));
			try (ControlConnection accepted = awaited.get(5, TimeUnit.SECONDS)) {
				this.server.stop();
				accepted.send(new Ready());
				assertThat(client.receive().message()).isEqualTo(new Ready());
			}
		}
	}

	@Test
	void whenStrangerConnectsThenIsRefusedUnreadAndTheRightOneStillGetsIn() throws Exception {
		this.successor.set(OWN_PID + 1);
		CompletableFuture<ControlConnection> awaited = await();
		// Even with the right token, and one that says nothing at all
		try (ControlConnection knowing = ControlConnection.connect(this.server.socket(), Dialect.OWN);
				SocketChannel silent = connectRaw()) {
			try {
				knowing.send(new Hello(this.server.token(), List.of()));
			}
			catch (IOException ex) {
				// Closed before the message went out
			}
			assertThatIOException().isThrownBy(knowing::receive);
			assertThat(silent.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		}
		String expected = "a process that is not the successor connected to the control socket (pid " + OWN_PID
				+ ", uid " + Credentials.ownUid() + ")";
		assertThat(nextIntruder()).isEqualTo(expected);
		assertThat(nextIntruder()).isEqualTo(expected);
		this.successor.set(OWN_PID);
		letIn(awaited);
	}

	@Test
	void whenTokenIsWrongThenIsRefusedByName() throws Exception {
		CompletableFuture<ControlConnection> awaited = await();
		for (String token : List.of("", "0".repeat(64), this.server.token() + "0")) {
			assertThat(refusalOf(Frame.encode(Dialect.VERSION, new Hello(token, List.of()))))
				.isEqualTo("its token is wrong");
			assertThat(nextIntruder()).isEqualTo("the successor (pid " + OWN_PID + ") was refused: its token is wrong");
		}
		letIn(awaited);
	}

	@Test
	void whenFirstMessageIsNotHelloThenIsRefusedByName() throws Exception {
		CompletableFuture<ControlConnection> awaited = await();
		for (Message message : Messages.all()) {
			if (message.type() != Message.Type.HELLO) {
				String reason = "its first message was " + message.type() + " instead of HELLO";
				assertThat(refusalOf(Frame.encode(Dialect.VERSION, message))).isEqualTo(reason);
				assertThat(nextIntruder()).endsWith(reason);
			}
		}
		letIn(awaited);
	}

	@Test
	void whenVersionDiffersThenIsRefusedByNameAndNobodyElseIsAwaited() throws Exception {
		CompletableFuture<ControlConnection> awaited = await();
		ByteBuffer hello = Frame.encode(2, new Hello(this.server.token(), List.of()));
		String reason = "it speaks version 2 of the protocol, this process version 1";
		assertThat(refusalOf(hello)).isEqualTo(reason);
		assertThat(nextIntruder()).endsWith(reason);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> awaited.get(5, TimeUnit.SECONDS))
			.havingRootCause()
			.isInstanceOf(ProtocolException.class)
			.withMessage(reason);
	}

	@Test
	void whenVersionIsForgottenThenIsRefusedByName() throws Exception {
		CompletableFuture<ControlConnection> awaited = await();
		String reason = "it speaks version 0 of the protocol, this process version 1";
		assertThat(refusalOf(Frame.encode(0, new Hello(this.server.token(), List.of())))).isEqualTo(reason);
		assertThat(nextIntruder()).endsWith(reason);
		assertThat(awaited).failsWithin(Duration.ofSeconds(5));
	}

	@Test
	void whenPeerSendsGarbageThenIsDroppedAndTheRightOneStillGetsIn() throws Exception {
		CompletableFuture<ControlConnection> awaited = await();
		send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		assertThat(nextIntruder()).isEqualTo("a peer of the control socket was refused: "
				+ "the peer does not speak this protocol: its first bytes are 47455420");
		send(new byte[0]);
		assertThat(nextIntruder())
			.isEqualTo("a peer of the control socket was refused: the peer has closed the connection");
		send(new byte[] { 'G', 'R', 'S' });
		assertThat(nextIntruder())
			.isEqualTo("a peer of the control socket was refused: the peer was gone in the middle of a message");
		letIn(awaited);
	}

	@Test
	void whenPeerIsSilentThenIsGivenUpAndTheRightOneStillGetsIn() throws Exception {
		CompletableFuture<ControlConnection> awaited = await();
		try (SocketChannel silent = connectRaw()) {
			assertThat(silent.isConnected()).isTrue();
			long start = System.nanoTime();
			letIn(awaited);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(12));
		}
		assertThat(nextIntruder())
			.isEqualTo("a peer of the control socket was refused: the peer did not answer in time");
	}

	@Test
	void whenMemoryRunsOutThenThePeerDoesNotWaitForAnAnswer() throws Exception {
		CompletableFuture<ControlConnection> awaited = CompletableFuture.supplyAsync(() -> {
			try {
				return this.server.awaitSuccessor((pid) -> {
					throw new OutOfMemoryError("injected");
				}, this.intruders::add);
			}
			catch (IOException ex) {
				throw new CompletionException(ex);
			}
		}, (task) -> new Thread(task, "server").start());
		try (SocketChannel client = connectRaw()) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> awaited.get(5, TimeUnit.SECONDS))
				.withCauseInstanceOf(OutOfMemoryError.class);
			assertThat(CompletableFuture.supplyAsync(() -> {
				try {
					return client.read(ByteBuffer.allocate(1));
				}
				catch (IOException ex) {
					throw new CompletionException(ex);
				}
			}).get(5, TimeUnit.SECONDS)).isEqualTo(-1);
		}
	}

	@Test
	void whenStoppedThenWaitingThreadIsWoken() throws Exception {
		CompletableFuture<ControlConnection> awaited = await();
		this.server.stop();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> awaited.get(3, TimeUnit.SECONDS))
			.withCauseInstanceOf(IOException.class);
	}

	private CompletableFuture<ControlConnection> await() {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return this.server.awaitSuccessor((pid) -> pid == this.successor.get(), this.intruders::add);
			}
			catch (IOException ex) {
				throw new CompletionException(ex);
			}
		}, (task) -> new Thread(task, "server").start());
	}

	private void letIn(CompletableFuture<ControlConnection> awaited) throws Exception {
		try (ControlConnection client = ControlConnection.connect(this.server.socket(), Dialect.OWN)) {
			client.send(new Hello(this.server.token(), List.of()));
			try (ControlConnection accepted = awaited.get(15, TimeUnit.SECONDS)) {
				accepted.send(new Ready());
				assertThat(client.receive().message()).isEqualTo(new Ready());
			}
		}
	}

	private String refusalOf(ByteBuffer frame) throws IOException {
		DescriptorChannel channel = DescriptorChannel.connect(this.server.socket());
		try (ControlConnection client = new ControlConnection(channel, Dialect.OWN)) {
			channel.send(frame, List.of());
			ReceivedMessage received = client.receive();
			assertThatExceptionOfType(EOFException.class).isThrownBy(client::receive);
			assertThat(received.message()).isInstanceOf(Refused.class);
			return ((Refused) received.message()).reason();
		}
	}

	private void send(byte[] bytes) throws IOException {
		try (SocketChannel channel = connectRaw()) {
			channel.write(ByteBuffer.wrap(bytes));
		}
	}

	private SocketChannel connectRaw() throws IOException {
		return SocketChannel.open(UnixDomainSocketAddress.of(this.server.socket()));
	}

	private String nextIntruder() throws InterruptedException {
		String intruder = this.intruders.poll(10, TimeUnit.SECONDS);
		assertThat(intruder).isNotNull();
		return intruder;
	}

}
