package io.github.gracefulrestart.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request to any address, be it a path or of another family than usual.
 */
public final class AddressClient {

	private static final Pattern PID = Pattern.compile("(?i)\r\nX-Pid: (\\d+)\r\n");

	private AddressClient() {
	}

	/**
	 * Ask who serves at an address.
	 * @return the process id
	 */
	public static long pid(SocketAddress address) throws Exception {
		String answer = CompletableFuture.supplyAsync(() -> ask(address))
			.get(SampleService.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		Matcher matcher = PID.matcher(answer);
		if (!answer.startsWith("HTTP/1.1 200 ") || !matcher.find()) {
			throw new AssertionError(address + " answered " + answer);
		}
		return Long.parseLong(matcher.group(1));
	}

	private static String ask(SocketAddress address) {
		try (SocketChannel channel = SocketChannel.open(address)) {
			channel.write(ByteBuffer.wrap("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
				.getBytes(StandardCharsets.ISO_8859_1)));
			ByteBuffer answer = ByteBuffer.allocate(4096);
			while (answer.hasRemaining() && channel.read(answer) >= 0) {
				// until the server has closed the connection
			}
			return new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
