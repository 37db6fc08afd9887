package io.github.gracefulrestart.it;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports that are not given to any other test on this machine.
 */
final class Ports {

	private static final int FIRST_PORT = 20000;

	/** Below the kernel's range for outgoing connections. */
	private static final int LAST_PORT = 23999;

	private static final int PORTS = LAST_PORT - FIRST_PORT + 1;

	private static final AtomicInteger NEXT_PORT = new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

	/** What makes a port ours until this JVM ends, see {@link #claim}. */
	private static final List<DatagramSocket> CLAIMS = new CopyOnWriteArrayList<>();

	private Ports() {
	}

	/**
	 * Find a port that is not in use, and claim it until this JVM ends.
	 */
	static int free() {
		for (int i = 0; i < PORTS; i++) {
			int candidate = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
			if (isFree(candidate) && claim(candidate)) {
				return candidate;
			}
		}
		throw new AssertionError("No port from " + FIRST_PORT + " to " + LAST_PORT + " is free");
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Hold the port of the same number for datagrams, which only one process can and
	 * which no service uses.
	 */
	private static boolean claim(int port) {
		try {
			CLAIMS.add(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
			return true;
		}
		catch (SocketException ex) {
			return false;
		}
	}

}
