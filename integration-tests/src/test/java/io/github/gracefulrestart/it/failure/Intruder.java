package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;

/**
 * A process of its own that connects to a socket, says something, and tells what it came
 * to.
 */
public final class Intruder {

	static final String NOT_LET_IN = "not let in";

	static final String REFUSED = "refused";

	static final String ANSWERED = "answered";

	private Intruder() {
	}

	/**
	 * Run.
	 * @param args the path of the socket, and the bytes to say in hexadecimal digits
	 */
	public static void main(String[] args) {
		try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
			System.out.print(talk(channel, HexFormat.of().parseHex(args[1])) ? ANSWERED : REFUSED);
		}
		catch (IOException ex) {
			System.out.print(NOT_LET_IN);
		}
	}

	private static boolean talk(SocketChannel channel, byte[] bytes) {
		try {
			channel.write(ByteBuffer.wrap(bytes));
			return channel.read(ByteBuffer.allocate(1)) > 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
