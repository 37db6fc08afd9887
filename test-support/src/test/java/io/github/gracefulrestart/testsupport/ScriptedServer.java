package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * A server that does to each connection exactly what a test says.
 */
final class ScriptedServer implements AutoCloseable {

	private final ServerSocket listener;

	private final @Nullable SSLContext tls;

	private final Script script;

	private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();

	/** A TLS socket that nothing refers to is closed by the garbage collector. */
	private final Queue<Socket> secured = new ConcurrentLinkedQueue<>();

	private ScriptedServer(@Nullable SSLContext tls, Script script) throws IOException {
		this.tls = tls;
		this.script = script;
		this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
		daemon(this::accept);
	}

	static ScriptedServer start(Script script) throws IOException {
		return new ScriptedServer(null, script);
	}

	static ScriptedServer startTls(Script script) throws IOException {
		return new ScriptedServer(TestKey.serverContext(), script);
	}

	private static void daemon(Runnable task) {
		Thread thread = new Thread(task, "scripted-server");
		thread.setDaemon(true);
		thread.start();
	}

	int port() {
		return this.listener.getLocalPort();
	}

	int connections() {
		return this.accepted.size();
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				Socket socket = this.listener.accept();
				this.accepted.add(socket);
				daemon(() -> serve(socket));
			}
			catch (IOException ex) {
				// closed
			}
		}
	}

	private void serve(Socket plain) {
		try {
			Socket socket = plain;
			if (this.tls != null) {
				SSLSocket secure = (SSLSocket) this.tls.getSocketFactory().createSocket(plain, null, true);
				secure.setUseClientMode(false);
				this.secured.add(secure);
				socket = secure;
			}
			this.script.run(new Connection(plain, socket));
		}
		catch (IOException ex) {
			// the client went away, as it does at the end of a test
		}
	}

	@Override
	public void close() {
		try {
			this.listener.close();
			for (Socket socket : this.accepted) {
				socket.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What happens on one connection. It stays open when the script has ended.
	 */
	interface Script {

		void run(Connection connection) throws IOException;

	}

	/**
	 * The server's end of a connection.
	 */
	static final class Connection {

		private final Socket plain;

		private final Socket socket;

		private Connection(Socket plain, Socket socket) {
			this.plain = plain;
			this.socket = socket;
		}

		InputStream in() throws IOException {
			return this.socket.getInputStream();
		}

		/** Read one request's head, and its body if it has a length. */
		String request() throws IOException {
			StringBuilder head = new StringBuilder();
			while (head.indexOf("\r\n\r\n") < 0) {
				int next = in().read();
				if (next < 0) {
					throw new IOException("closed by the client");
				}
				head.append((char) next);
			}
			int length = head.indexOf("Content-Length: ");
			if (length >= 0) {
				in().readNBytes(Integer.parseInt(head.substring(length + 16, head.indexOf("\r", length))));
			}
			return head.toString();
		}

		void send(String text) throws IOException {
			send(text.getBytes(StandardCharsets.ISO_8859_1));
		}

		void send(byte[] bytes) throws IOException {
			this.socket.getOutputStream().write(bytes);
			this.socket.getOutputStream().flush();
		}

		void answer() throws IOException {
			send("HTTP/1.1 200 OK\r\nX-Pid: 4711\r\nContent-Length: 5\r\n\r\nhello");
		}

		void close() throws IOException {
			this.socket.close();
		}

		void reset() throws IOException {
			this.plain.setSoLinger(true, 0);
			this.plain.close();
		}

	}

}
