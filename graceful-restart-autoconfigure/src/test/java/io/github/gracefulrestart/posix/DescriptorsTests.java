package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

@SuppressWarnings("try") // closes early on purpose
class DescriptorsTests {

	private static final int NOT_OPEN = 9999;

	@TempDir
	Path directory;

	@ParameterizedTest
	@EnumSource
	void whenListeningThenDescriptorIsFound(Kind kind) throws IOException {
		try (ServerSocketChannel channel = kind.listen(this.directory)) {
			int number = Descriptors.ofListening(channel.getLocalAddress());
			assertThat(Descriptors.target(number)).startsWith("socket:[");
			assertThat(Descriptors.localAddress(number)).isEqualTo(channel.getLocalAddress());
		}
	}

	@ParameterizedTest
	@EnumSource
	void whenAdoptedThenAcceptsTheClientsOfTheOriginal(Kind kind) throws IOException {
		ServerSocketChannel original = kind.listen(this.directory);
		SocketAddress address = original.getLocalAddress();
		int number = Descriptors.ofListening(address);
		String target = Descriptors.target(number);
		Path scratch = Files.createDirectory(this.directory.resolve("scratch"));
		Path tooLong = Files.createDirectory(this.directory.resolve("x".repeat(120)));
		Descriptor received = duplicate(number);
		try (ServerSocketChannel adopted = Descriptors.adoptListening(received,
				List.of(this.directory.resolve("missing"), tooLong, scratch));
				SocketChannel early = SocketChannel.open(kind.client(address))) {
			// The original may go: the queue stays
			original.close();
			assertThat(scratch).isEmptyDirectory();
			assertThat(tooLong).isEmptyDirectory();
			assertThatExceptionOfType(PosixException.class).isThrownBy(received::number);
			assertThat(Descriptors.target(Descriptors.ofListening(address))).isEqualTo(target);
			try (SocketChannel late = SocketChannel.open(kind.client(address))) {
				for (SocketChannel client : new SocketChannel[] { early, late }) {
					try (SocketChannel accepted = adopted.accept()) {
						if (kind != Kind.UNIX) {
							assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
							assertThat(accepted.getLocalAddress()).isEqualTo(client.getRemoteAddress());
						}
						accepted.write(ByteBuffer.wrap(new byte[] { 42 }));
						ByteBuffer answer = ByteBuffer.allocate(1);
						assertThat(client.read(answer)).isEqualTo(1);
						assertThat(answer.get(0)).isEqualTo((byte) 42);
					}
				}
			}
		}
		assertThatIOException().isThrownBy(() -> Descriptors.ofListening(address))
			.withMessage("no descriptor of this process listens on " + address);
	}

	@Test
	void whenSeveralDescriptorsReferToOneSocketThenOneIsFound() throws IOException {
		try (ServerSocketChannel channel = Kind.INET.listen(this.directory)) {
			int number = Descriptors.ofListening(channel.getLocalAddress());
			try (Descriptor second = duplicate(number)) {
				assertThat(Descriptors.target(Descriptors.ofListening(channel.getLocalAddress())))
					.isEqualTo(Descriptors.target(second.number()));
			}
		}
	}

	@Test
	void whenSeveralSocketsListenOnOneAddressThenDoesNotGuess() throws IOException {
		try (ServerSocketChannel first = shared(0);
				ServerSocketChannel second = shared(((InetSocketAddress) first.getLocalAddress()).getPort())) {
			assertThatIOException().isThrownBy(() -> Descriptors.ofListening(second.getLocalAddress()))
				.withMessage("more than one socket of this process listens on " + first.getLocalAddress());
		}
	}

	private static ServerSocketChannel shared(int port) throws IOException {
		return ServerSocketChannel.open(StandardProtocolFamily.INET)
			.setOption(StandardSocketOptions.SO_REUSEPORT, true)
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
	}

	@Test
	void connectedSocketIsNotMistakenForAListener() throws IOException {
		try (ServerSocketChannel channel = Kind.INET.listen(this.directory);
				SocketChannel client = SocketChannel.open(channel.getLocalAddress());
				SocketChannel accepted = channel.accept()) {
			// Has the local address of the listener
			assertThat(accepted.getLocalAddress()).isEqualTo(channel.getLocalAddress());
			int number = Descriptors.ofListening(channel.getLocalAddress());
			try (Descriptor copy = duplicate(number);
					ServerSocketChannel adopted = Descriptors.adoptListening(copy, List.of(this.directory))) {
				assertThat(adopted.isOpen()).isTrue();
			}
			assertThat(client.isConnected()).isTrue();
		}
	}

	@Test
	void whenAdoptedDescriptorDoesNotListenThenIsRefusedAndClosed() throws IOException {
		try (DescriptorServer server = DescriptorServer.bind(this.directory.resolve("s"));
				DescriptorChannel client = DescriptorChannel.connect(this.directory.resolve("s"));
				DescriptorChannel accepted = server.accept()) {
			assertThat(client.peer()).isEqualTo(accepted.peer());
			Descriptor standardInput = duplicate(0);
			int number = standardInput.number();
			assertThatIOException().isThrownBy(() -> Descriptors.adoptListening(standardInput, List.of(this.directory)))
				.withMessage("descriptor " + number + " is not a listening socket");
			assertThatExceptionOfType(PosixException.class).isThrownBy(standardInput::number);
			assertThat(this.directory).isDirectoryNotContaining("glob:**placeholder*");
		}
	}

	@Test
	void whenNotASocketThenHasNoAddress() {
		assertThat(Descriptors.localAddress(NOT_OPEN)).isNull();
		assertThat(Descriptors.target(NOT_OPEN)).isEmpty();
	}

	@Test
	void whenCallFailsThenNamesCallErrorAndText() throws IOException {
		assertThatExceptionOfType(PosixException.class).isThrownBy(() -> Descriptors.setBacklog(NOT_OPEN, 10))
			.withMessage("listen(9999, 10) failed with EBADF (9): Bad file descriptor")
			.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(9));
		Path file = Files.createFile(this.directory.resolve("file"));
		assertThatIOException().isThrownBy(() -> DescriptorChannel.connect(file));
	}

	@Test
	void backlogOfAListenerCanBeChanged() throws IOException {
		try (ServerSocketChannel channel = Kind.INET.listen(this.directory)) {
			Descriptors.setBacklog(Descriptors.ofListening(channel.getLocalAddress()), 1);
			try (SocketChannel client = SocketChannel.open(channel.getLocalAddress());
					SocketChannel accepted = channel.accept()) {
				assertThat(client.isConnected()).isTrue();
				assertThat(accepted.isConnected()).isTrue();
			}
		}
	}

	private static Descriptor duplicate(int number) throws PosixException {
		return new Descriptor(Native.check(Native.posix().dup(number), "dup(" + number + ")"));
	}

	enum Kind {

		INET(StandardProtocolFamily.INET, "127.0.0.1"), INET6(StandardProtocolFamily.INET6, "::1"),
		INET_WILDCARD(StandardProtocolFamily.INET, "0.0.0.0"), WILDCARD(null, null), UNIX(null, null);

		private final StandardProtocolFamily family;

		private final String host;

		Kind(StandardProtocolFamily family, String host) {
			this.family = family;
			this.host = host;
		}

		@SuppressWarnings("AddressSelection") // numeric
		ServerSocketChannel listen(Path directory) throws IOException {
			if (this == UNIX) {
				return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
					.bind(UnixDomainSocketAddress.of(directory.resolve("\u00fc.sock")));
			}
			ServerSocketChannel channel = (this.family != null) ? ServerSocketChannel.open(this.family)
					: ServerSocketChannel.open();
			try {
				return channel
					.bind((this.host != null) ? new InetSocketAddress(this.host, 0) : new InetSocketAddress(0));
			}
			catch (IOException ex) {
				channel.close();
				assumeThat(this).as("this machine has no IPv6").isNotEqualTo(INET6);
				throw ex;
			}
		}

		SocketAddress client(SocketAddress listening) {
			boolean wildcard = listening instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress();
			return wildcard
					? new InetSocketAddress(InetAddress.getLoopbackAddress(), ((InetSocketAddress) listening).getPort())
					: listening;
		}

	}

}
