package io.github.gracefulrestart.handover;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.handover.Message.Refused;
import io.github.gracefulrestart.posix.Credentials;
import io.github.gracefulrestart.posix.DescriptorChannel;
import io.github.gracefulrestart.posix.DescriptorServer;
import org.jspecify.annotations.Nullable;

/**
 * The predecessor's end of the control socket: a socket in a directory that only this
 * user may enter. It accepts one process only, the successor that was launched. Peers are
 * checked one after the other; a peer other than the successor is refused by its
 * credentials before anything is read from it.
 */
public final class ControlServer implements Closeable {

	private static final int MAX_PATH_LENGTH = 107;

	private static final String PREFIX = "graceful-restart-";

	/** The JDK makes names of temporary files from unsigned 64-bit numbers. */
	private static final String LONGEST_NUMBER = Long.toUnsignedString(-1);

	private static final int TOKEN_BYTES = 32;

	private final Path directory;

	private final Path socket;

	private final DescriptorServer server;

	private final String token = newToken();

	private final AtomicBoolean closed = new AtomicBoolean();

	private ControlServer(Path directory, Path socket, DescriptorServer server) {
		this.directory = directory;
		this.socket = socket;
		this.server = server;
	}

	/**
	 * Create the directory and the socket.
	 * @param parent an existing, writable directory
	 * @return the listening end
	 * @throws IOException if the directory cannot be written to or its path is too long
	 * for a socket
	 */
	public static ControlServer open(Path parent) throws IOException {
		Path directory = Files.createTempDirectory(parent, PREFIX,
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		Path socket = directory.resolve("control");
		try {
			if (length(socket) > MAX_PATH_LENGTH) {
				throw new IOException("the path " + socket + " is longer than the " + MAX_PATH_LENGTH
						+ " bytes that a socket's path may have");
			}
			return new ControlServer(directory, socket, DescriptorServer.bind(socket));
		}
		catch (IOException | RuntimeException | Error ex) {
			Files.deleteIfExists(socket);
			Files.delete(directory);
			throw ex;
		}
	}

	/**
	 * Return whether a socket's path is short enough below a directory.
	 * @param parent the directory
	 * @return whether {@link #open} can succeed there
	 */
	public static boolean fits(Path parent) {
		return length(parent.resolve(PREFIX + LONGEST_NUMBER).resolve("control")) <= MAX_PATH_LENGTH;
	}

	private static int length(Path path) {
		return path.toString().getBytes(StandardCharsets.UTF_8).length;
	}

	/**
	 * Return the directory of the socket. It is deleted with all its files when this
	 * server is closed.
	 * @return the path of the directory
	 */
	public Path directory() {
		return this.directory;
	}

	/**
	 * Return the socket that the successor connects to.
	 * @return the path of the socket
	 */
	public Path socket() {
		return this.socket;
	}

	/**
	 * Return the secret that the successor must show. It is made anew for each server.
	 * @return the token
	 */
	public String token() {
		return this.token;
	}

	/**
	 * Wait for the successor. Other processes are refused and reported.
	 * @param successor whether a process id may be that of the successor
	 * @param intruders receives a description of each refused peer
	 * @return the connection to the successor
	 * @throws ProtocolException if the successor speaks no version of the protocol that
	 * this process speaks
	 * @throws IOException if this server was closed
	 */
	public ControlConnection awaitSuccessor(LongPredicate successor, Consumer<String> intruders) throws IOException {
		while (true) {
			DescriptorChannel channel = this.server.accept();
			boolean spoken = true;
			String refusal;
			try {
				Credentials peer = channel.peer();
				if (peer.uid() != Credentials.ownUid() || !successor.test(peer.pid())) {
					intruders.accept("a process that is not the successor connected to the control socket (pid "
							+ peer.pid() + ", uid " + peer.uid() + ")");
					channel.close();
					continue;
				}
				ControlConnection connection = new ControlConnection(channel, Dialect.OWN);
				ReceivedMessage received = connection.receiveNow();
				received.discard();
				spoken = new Dialect(received.version(), List.of()).isSpoken();
				refusal = examine(received, spoken);
				if (refusal == null) {
					connection.agree(received.version(), ((Hello) received.message()).features());
					return connection;
				}
				connection.send(new Refused(refusal));
				connection.close();
				intruders.accept("the successor (pid " + peer.pid() + ") was refused: " + refusal);
			}
			catch (IOException ex) {
				channel.close();
				refusal = String.valueOf(ex.getMessage());
				intruders.accept("a peer of the control socket was refused: " + refusal);
			}
			catch (RuntimeException | Error ex) {
				// So that the successor does not wait for an answer
				channel.close();
				throw ex;
			}
			if (!spoken) {
				// Another attempt of the successor would fail in the same way
				throw new ProtocolException(refusal);
			}
		}
	}

	private @Nullable String examine(ReceivedMessage received, boolean spoken) {
		if (!(received.message() instanceof Hello hello)) {
			return "its first message was " + received.message().type() + " instead of HELLO";
		}
		if (!spoken) {
			return "it speaks version " + received.version() + " of the protocol, this process " + Dialect.spoken();
		}
		boolean same = MessageDigest.isEqual(hello.token().getBytes(StandardCharsets.UTF_8),
				this.token.getBytes(StandardCharsets.UTF_8));
		return same ? null : "its token is wrong";
	}

	@Override
	public void close() throws IOException {
		stop();
	}

	/**
	 * Stop listening and delete the socket and its directory. Established connections
	 * stay. May be called more than once.
	 * @throws IOException if the directory could not be deleted
	 */
	public void stop() throws IOException {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		this.server.shutdown();
		this.server.close();
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(this.directory)) {
			for (Path entry : entries) {
				Files.deleteIfExists(entry);
			}
		}
		Files.delete(this.directory);
	}

	private static String newToken() {
		byte[] bytes = new byte[TOKEN_BYTES];
		new SecureRandom().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

}
