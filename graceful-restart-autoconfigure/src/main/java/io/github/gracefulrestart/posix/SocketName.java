package io.github.gracefulrestart.posix;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Reads a C {@code struct sockaddr}, see ip(7), ipv6(7) and unix(7). An IPv4 address that
 * an IPv6 socket shows as {@code ::ffff:a.b.c.d} is returned as IPv4, as the JDK does.
 */
final class SocketName {

	static final int MAX_LENGTH = 128;

	private static final int AF_UNIX = 1;

	private static final int AF_INET = 2;

	private static final int AF_INET6 = 10;

	private SocketName() {
	}

	/**
	 * Read an address.
	 * @return the address, or {@code null} if it is of another family, or a path that the
	 * JDK cannot represent in this locale, and so cannot have opened
	 */
	static @Nullable SocketAddress read(byte[] bytes, int length) {
		return read(bytes, length, PlatformText.charset());
	}

	static @Nullable SocketAddress read(byte[] bytes, int length, Charset paths) {
		if (length < 2) {
			return null;
		}
		int family = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getShort(0);
		return switch (family) {
			case AF_UNIX -> unix(bytes, length, paths);
			case AF_INET -> inet(bytes, 4, 4);
			case AF_INET6 -> inet(bytes, 8, 16);
			default -> null;
		};
	}

	private static @Nullable SocketAddress unix(byte[] bytes, int length, Charset paths) {
		// An abstract name is written with an @, as ss(8) does
		String name = (length > 3 && bytes[2] == 0) ? "@" + new String(bytes, 3, length - 3, paths).replace('\0', '@')
				: path(bytes, length, paths);
		try {
			return UnixDomainSocketAddress.of(name);
		}
		catch (InvalidPathException ex) {
			return null;
		}
	}

	private static String path(byte[] bytes, int length, Charset paths) {
		int end = 2;
		while (end < length && bytes[end] != 0) {
			end++;
		}
		return new String(bytes, 2, end - 2, paths);
	}

	private static SocketAddress inet(byte[] bytes, int offset, int size) {
		int port = Short.toUnsignedInt(ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).getShort(2));
		try {
			InetAddress address = InetAddress.getByAddress(Arrays.copyOfRange(bytes, offset, offset + size));
			return new InetSocketAddress(address, port);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException("an address of " + size + " bytes is always legal", ex);
		}
	}

}
