package io.github.gracefulrestart.successor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.host.HostDrain;
import io.github.gracefulrestart.host.IdleHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.host.UnixListener;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.posix.Descriptor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a successor that gives back leaves behind for its predecessor, on a socket that
 * both have.
 */
@Timeout(60)
class RetreatTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String STATE = "rwx------ 7";

	@TempDir
	private Path directory;

	private final List<Descriptor> received = new ArrayList<>();

	private final Listeners listeners = new Listeners((key) -> this.received.remove(0), false);

	private final ListenerHosts hosts = new ListenerHosts();

	private UnixListener socket;

	private Listener inherited;

	@BeforeEach
	void serve() throws IOException {
		this.socket = new UnixListener(this.directory.resolve("app.sock"), 7);
		assertThat(this.socket.state()).isEqualTo(STATE);
		this.inherited = this.socket.inherit(this.directory.resolve("control"), this.received, this.listeners, 2);
		assertThat(this.socket.state()).as("not before it serves").isEqualTo(STATE);
		this.listeners.openGates();
	}

	@AfterEach
	void close() throws IOException {
		this.inherited.close();
		this.socket.listener().close();
	}

	@Test
	void whenBegunThenAcceptsNoMoreAndTheSocketIsThereForThePredecessor() throws IOException {
		this.hosts.add(new IdleHost(this.inherited));
		Retreat retreat = retreat();
		retreat.begin();
		assertThat(this.inherited.gate().isOpen()).isFalse();
		retreat.await(PATIENCE);
		assertThat(this.socket.state()).isEqualTo(STATE);
		this.inherited.close();
		assertThat(this.socket.state()).isEqualTo(STATE);
		this.socket.listener().close();
		assertThat(this.socket.state()).isEqualTo("gone");
	}

	@Test
	void acceptsNoMoreBeforeAnythingElseIsBegunAndWhateverIsThrownThen() {
		AtomicReference<Boolean> open = new AtomicReference<>();
		this.hosts.add(new IdleHost(this.inherited) {

			@Override
			public HostDrain beginDrain(boolean move) {
				open.set(RetreatTests.this.inherited.gate().isOpen());
				throw new OutOfMemoryError("as if");
			}

		});
		Retreat retreat = retreat();
		retreat.begin();
		assertThat(open).hasValue(false);
		assertThat(this.inherited.gate().isOpen()).isFalse();
		long begin = System.nanoTime();
		retreat.await(PATIENCE);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE);
	}

	@Test
	void whenThePredecessorIsGoneThenAcceptsAgain() {
		this.hosts.add(new IdleHost(this.inherited));
		Retreat retreat = retreat();
		retreat.cancel();
		retreat.begin();
		retreat.cancel();
		assertThat(this.inherited.gate().isOpen()).isTrue();
		retreat.begin();
		assertThat(this.inherited.gate().isOpen()).isFalse();
	}

	@Test
	void whenBegunAgainThenIsNotDoneBecauseTheFirstOneHasEnded() {
		this.hosts.add(new IdleHost(this.inherited) {

			@Override
			public ConnectionCount connections() {
				return new ConnectionCount(1, 0);
			}

		});
		Retreat retreat = retreat();
		retreat.begin();
		Thread first = finishing().findFirst().orElseThrow();
		retreat.cancel();
		retreat.begin();
		Awaitility.await().atMost(PATIENCE).until(() -> !first.isAlive());
		long begin = System.nanoTime();
		Duration patience = Duration.ofMillis(300);
		retreat.await(patience);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(patience);
		retreat.cancel();
		retreat.await(PATIENCE);
		Awaitility.await().atMost(PATIENCE).until(() -> finishing().findAny().isEmpty());
	}

	private static Stream<Thread> finishing() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("graceful-restart-retreat"));
	}

	private Retreat retreat() {
		return new Retreat(this.listeners, this.hosts, new Limits().moveNothing().settings(this.directory));
	}

}
