package io.github.gracefulrestart.supervisor.systemd;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.listener.TestTransport;
import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.Descriptors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Real sockets, and what is said of them to a socket that stands in for that of systemd.
 */
@ExtendWith(OutputCaptureExtension.class)
class SystemdSocketsTests {

	private static final ListenerKey ANY = ListenerKey.tcp("server", loopback(0));

	@TempDir
	private Path directory;

	private final List<PassedSocket> passed = new ArrayList<>();

	private final List<ServerSocketChannel> bound = new ArrayList<>();

	private Notifications systemd;

	private SystemdSockets sockets = new SystemdSockets(() -> List.copyOf(this.passed), Map.of());

	private Listeners listeners = new Listeners(null, true, this.sockets);

	@BeforeEach
	void listen() {
		this.systemd = new Notifications(this.directory.resolve("notify"));
	}

	@AfterEach
	void close() throws IOException {
		for (Listener listener : this.listeners.all()) {
			listener.close();
		}
		for (ServerSocketChannel channel : this.bound) {
			channel.close();
		}
		this.systemd.close();
	}

	@Test
	void whenTheAddressIsTheConfiguredOneThenThatSocketIsTaken() throws IOException {
		InetSocketAddress first = (InetSocketAddress) pass("app.socket", loopback(0));
		InetSocketAddress second = (InetSocketAddress) pass("app.socket", loopback(0));
		assertThat(open("management", second)).isEqualTo(second);
		assertThat(open("server", first)).isEqualTo(first);
	}

	@Test
	void whenItListensOnAllAddressesOfEitherFamilyThenItIsTakenForTheWildcard() throws IOException {
		int four = ((InetSocketAddress) pass("", wildcard(4))).getPort();
		int six = ((InetSocketAddress) pass("", wildcard(16))).getPort();
		assertThat(((InetSocketAddress) open("server", new InetSocketAddress(four))).getPort()).isEqualTo(four);
		assertThat(((InetSocketAddress) open("management", new InetSocketAddress(six))).getPort()).isEqualTo(six);
	}

	@Test
	void whenItIsOfAnotherFamilyThenItIsTakenAsIs() throws IOException {
		byte[] loopback = new byte[16];
		loopback[15] = 1;
		InetSocketAddress six = (InetSocketAddress) pass("",
				new InetSocketAddress(InetAddress.getByAddress(loopback), 0));
		assertThat(open("server", six)).isEqualTo(six);
	}

	@Test
	void whenItHasTheNameOfAListenerThenTheUnitDecidesWhereThatListens() throws IOException {
		SocketAddress address = pass("server", loopback(0));
		assertThat(open(ANY)).isEqualTo(address);
		settle(true);
		assertThat(this.systemd.received()).isEmpty();
	}

	@Test
	void whenAListenerIsOpenedAgainThenItIsTheSameSocket() throws IOException {
		SocketAddress address = pass("server", loopback(0));
		assertThat(open(ANY)).isEqualTo(address);
		this.listeners.all().get(0).close();
		assertThat(open(ANY)).isEqualTo(address);
	}

	@Test
	void whenNothingFitsThenTheApplicationBindsAndItIsSaid(CapturedOutput output) throws IOException {
		SocketAddress address = pass("app.socket", loopback(0));
		int number = this.passed.get(0).number();
		this.passed.add(new PassedSocket(7000, "fifo", null));
		assertThat(open(ANY)).isNotEqualTo(address);
		settle(false);
		settle(false);
		assertThat(output.toString()).containsOnlyOnce("fits: [descriptor " + number + " (app.socket, 127.0.0.1:")
			.contains("descriptor 7000 (fifo, not a listening socket)]");
		assertThat(Descriptors.isListening(number)).isTrue();
	}

	@Test
	void whenServingAloneThenEachSocketIsStoredAndTakenAgainByTheNextProcess(CapturedOutput output) throws IOException {
		SocketAddress address = open(ANY);
		settle(true);
		assertThat(this.systemd.received()).containsExactly("FDSTORE=1\nFDNAME=graceful-restart.server (127.0.0.1,0)");
		assertThat(this.systemd.descriptors()).hasSize(1);
		// As if it were another process
		assertThat(pass("graceful-restart.server (127.0.0.1,0)",
				Descriptor.duplicate(this.systemd.descriptors().get(0).number())))
			.isEqualTo(address);
		this.sockets = new SystemdSockets(() -> List.copyOf(this.passed), Map.of());
		Listeners next = new Listeners(null, true, this.sockets);
		Listener listener = next.open(ANY, 1, TestTransport.loopback());
		assertThat(listener.localAddress()).isEqualTo(address);
		this.sockets.settle(true, this.systemd.socket());
		listener.close();
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void whenWhatWasStoredIsNotWantedAnyMoreThenItIsClosedAndRemoved(CapturedOutput output) throws IOException {
		SocketAddress stale = pass("graceful-restart.127.0.0.1,1", loopback(0));
		open(ANY);
		settle(true);
		assertThat(this.systemd.received()).containsExactly("FDSTOREREMOVE=1\nFDNAME=graceful-restart.127.0.0.1,1",
				"FDSTORE=1\nFDNAME=graceful-restart.server (127.0.0.1,0)");
		this.bound.get(0).close();
		assertThat(Descriptors.listening()).doesNotContain(stale);
		assertThat(output).doesNotContain("fits");
	}

	@Test
	void whenASocketOfAUnitIsInTheStoreAsWellThenItIsTakenOnce(CapturedOutput output) throws IOException {
		InetSocketAddress address = (InetSocketAddress) pass("app.socket", loopback(0));
		String name = SystemdSockets.name(ListenerKey.tcp("server", address));
		pass(name, Descriptor.duplicate(this.passed.get(0).number()));
		assertThat(open("server", address)).isEqualTo(address);
		settle(true);
		// Of the two, the application has what it knows by the name
		assertThat(this.systemd.received()).containsExactly("FDSTORE=1\nFDNAME=" + name);
		assertThat(output).doesNotContain("fits");
	}

	@Test
	void whenThereIsASuccessorThenItKnowsWhatIsHeld(CapturedOutput output) throws IOException {
		pass("server", loopback(0));
		open(ANY);
		SocketAddress other = open(ListenerKey.tcp("management", loopback(0)));
		settle(true);
		this.systemd.received();
		Map<String, @Nullable String> told = new HashMap<>();
		this.sockets.tell(told);
		assertThat(told).containsOnly(Map.entry("GRACEFUL_RESTART_STORED", "graceful-restart.management (127.0.0.1,0)"),
				Map.entry("GRACEFUL_RESTART_ACTIVATED", "graceful-restart.server (127.0.0.1,0)"));
		// It no longer wants a management port, and inherits the other one
		SystemdSockets successor = new SystemdSockets(List::of, told);
		assertThat(successor.isHeld(ANY)).isTrue();
		Listeners inherited = new Listeners((key) -> Descriptor.duplicate(this.listeners.all().get(0).descriptor()),
				false, successor);
		Listener listener = inherited.open(ANY, 1, TestTransport.loopback());
		successor.settle(true, this.systemd.socket());
		assertThat(this.systemd.received())
			.containsExactly("FDSTOREREMOVE=1\nFDNAME=graceful-restart.management (127.0.0.1,0)");
		assertThat(output).doesNotContain("no longer listens");
		listener.close();
		// And now it is the socket of the unit
		Listeners third = new Listeners(null, true, successor);
		try (Listener only = third.open(ListenerKey.tcp("third", loopback(0)), 1, TestTransport.loopback())) {
			successor.settle(false, this.systemd.socket());
			assertThat(only.localAddress()).isNotEqualTo(other);
			assertThat(output)
				.containsOnlyOnce("no longer listens on sockets of a socket unit: [graceful-restart.server");
		}
	}

	@Test
	void whenItIsHeldThenThePathStaysAndIsNotBoundAgain() throws IOException {
		Path path = this.directory.resolve("app.sock");
		pass("app.socket", UnixDomainSocketAddress.of(path));
		Object identity = Files.getAttribute(path, "unix:ino");
		ListenerKey key = ListenerKey.unix("unix", path);
		Listener listener = this.listeners.open(key, 1, TestTransport.loopback());
		settle(true);
		listener.takeBack();
		listener.close();
		assertThat(Files.getAttribute(path, "unix:ino")).isEqualTo(identity);
	}

	@Test
	void whenThePathIsGoneThenTheApplicationBinds(CapturedOutput output) throws IOException {
		Path path = this.directory.resolve("app.sock");
		String name = SystemdSockets.name(ListenerKey.unix("unix", path));
		pass(name, UnixDomainSocketAddress.of(path));
		this.bound.get(0).close();
		Files.delete(path);
		Listener listener = this.listeners.open(ListenerKey.unix("unix", path), 1, new TestTransport(
				() -> ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path))));
		assertThat(listener.isInherited()).isFalse();
		settle(true);
		assertThat(this.systemd.received()).containsExactly("FDSTOREREMOVE=1\nFDNAME=" + name,
				"FDSTORE=1\nFDNAME=" + name);
		assertThat(output).doesNotContain("fits");
	}

	@Test
	void whenTheStoreIsNotUsedThenWhatIsInItIsRemoved() throws IOException {
		InetSocketAddress address = (InetSocketAddress) pass("x", loopback(0));
		String name = SystemdSockets.name(ListenerKey.tcp("server", address));
		this.passed.set(0, new PassedSocket(this.passed.get(0).number(), name, address));
		assertThat(open("server", address)).isEqualTo(address);
		settle(false);
		assertThat(this.systemd.received()).containsExactly("FDSTOREREMOVE=1\nFDNAME=" + name);
		assertThat(this.sockets.isHeld(ListenerKey.tcp("server", address))).isFalse();
	}

	@Test
	void whenItIsForAnotherProcessThenNothingIsTaken() {
		Map<String, String> environment = Map.of("LISTEN_PID", "41", "LISTEN_FDS", "1");
		assertThat(PassedSocket.of(environment, 42)).isEmpty();
		assertThat(PassedSocket.of(Map.of("LISTEN_FDS", "1"), 42)).isEmpty();
		assertThat(PassedSocket.of(Map.of("LISTEN_PID", "42", "LISTEN_FDS", "x"), 42)).isEmpty();
		assertThat(PassedSocket.of(Map.of("LISTEN_PID", "42", "LISTEN_FDS", "3", "LISTEN_FDNAMES", "a::b"), 42))
			.extracting(PassedSocket::number, PassedSocket::name)
			.containsExactly(tuple(3, "a"), tuple(4, ""), tuple(5, "b"));
	}

	@Test
	void namesAreWhatSystemdPermits() {
		assertThat(SystemdSockets.name(ListenerKey.unix("x", Path.of("/run/a:b,c%/ä"))))
			.isEqualTo("graceful-restart.unix,/run/a,b%2Cc%25/%C3%A4");
	}

	private void settle(boolean wanted) throws IOException {
		this.sockets.settle(wanted, this.systemd.socket());
	}

	private SocketAddress open(String name, InetSocketAddress address) throws IOException {
		return open(ListenerKey.tcp(name, address));
	}

	private SocketAddress open(ListenerKey key) throws IOException {
		return this.listeners.open(key, 1, TestTransport.loopback()).localAddress();
	}

	private SocketAddress pass(String name, SocketAddress address) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open(family(address));
		this.bound.add(channel.bind(address));
		return pass(name, Descriptor.duplicate(Descriptors.ofListening(channel.getLocalAddress())));
	}

	private static StandardProtocolFamily family(SocketAddress address) {
		if (address instanceof InetSocketAddress inet) {
			return (inet.getAddress() instanceof Inet6Address) ? StandardProtocolFamily.INET6
					: StandardProtocolFamily.INET;
		}
		return StandardProtocolFamily.UNIX;
	}

	private SocketAddress pass(String name, Descriptor descriptor) throws IOException {
		return pass(name, descriptor.number());
	}

	private SocketAddress pass(String name, int number) {
		SocketAddress address = Descriptors.localAddress(number);
		this.passed.add(new PassedSocket(number, name, address));
		return address;
	}

	private static InetSocketAddress wildcard(int length) throws IOException {
		return new InetSocketAddress(InetAddress.getByAddress(new byte[length]), 0);
	}

	private static InetSocketAddress loopback(int port) {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
	}

}
