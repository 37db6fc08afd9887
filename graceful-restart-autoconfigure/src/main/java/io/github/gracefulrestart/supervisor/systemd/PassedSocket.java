package io.github.gracefulrestart.supervisor.systemd;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.posix.Descriptors;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor that systemd has passed to this process, see sd_listen_fds(3).
 *
 * @param number its number
 * @param name what the unit, or who has stored it, calls it
 * @param address where it listens, or {@code null} if it is no listening socket
 */
record PassedSocket(int number, String name, @Nullable SocketAddress address) {

	static final String LISTEN_PID = "LISTEN_PID";

	static final String LISTEN_FDS = "LISTEN_FDS";

	static final String LISTEN_FDNAMES = "LISTEN_FDNAMES";

	private static final int FIRST = 3;

	/**
	 * Find what was passed.
	 * @param environment values by names
	 * @param pid the process id of this process
	 * @return what was passed to this process, in the order of the numbers
	 */
	static List<PassedSocket> of(Map<String, String> environment, long pid) {
		String count = environment.getOrDefault(LISTEN_FDS, "");
		List<PassedSocket> passed = new ArrayList<>();
		if (!String.valueOf(pid).equals(environment.get(LISTEN_PID)) || !count.matches("[1-9][0-9]{0,5}")) {
			return passed;
		}
		// With trailing empty ones
		String[] names = environment.getOrDefault(LISTEN_FDNAMES, "").split(":", -1);
		for (int i = 0; i < Integer.parseInt(count); i++) {
			int number = FIRST + i;
			passed.add(new PassedSocket(number, (i < names.length) ? names[i] : "",
					Descriptors.isListening(number) ? Descriptors.localAddress(number) : null));
		}
		return passed;
	}

	/**
	 * Return whether this is the socket that a listener would bind.
	 */
	boolean isAt(ListenerKey key) {
		return this.address != null && key(key.name(), this.address).identity().equals(key.identity());
	}

	private static ListenerKey key(String name, SocketAddress address) {
		return (address instanceof UnixDomainSocketAddress unix) ? ListenerKey.unix(name, unix.getPath())
				: ListenerKey.tcp(name, (InetSocketAddress) address);
	}

	/**
	 * Return whether clients can come to it. The path of a Unix domain socket may have
	 * been deleted, with the directory that it was in.
	 */
	boolean isReachable() {
		return this.address != null
				&& !(this.address instanceof UnixDomainSocketAddress unix && !Files.exists(unix.getPath()));
	}

	boolean isSame(PassedSocket other) {
		String target = Descriptors.target(this.number);
		return !target.isEmpty() && target.equals(Descriptors.target(other.number));
	}

	@Override
	public String toString() {
		return "descriptor " + this.number + " (" + this.name + ", "
				+ ((this.address != null) ? key("", this.address).address() : "not a listening socket") + ")";
	}

}
