package io.github.gracefulrestart.predecessor;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.MovableConnection;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.state.Ticker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConnectionMoverTests {

	private final List<String> kept = new ArrayList<>();

	/**
	 * Between two processes a connection is served by nobody.
	 */
	@Test
	void whenAnErrorComesInBetweenThenAllConnectionsAreServedAgain() throws Exception {
		Listener listener = new Listeners(null).open(new ListenerKey("server", "127.0.0.1:0"), 1,
				() -> ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
		try {
			ListenerHost host = (ListenerHost) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { ListenerHost.class }, (proxy, method, arguments) -> switch (method.getName()) {
						case "listener" -> listener;
						case "detach" -> List.of(new Detached("first", false), new Detached("second", true));
						default -> throw new UnsupportedOperationException(method.getName());
					});
			ConnectionMover mover = new ConnectionMover(null, 10, Duration.ofMinutes(1), new Ticker());
			assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> mover.step(List.of(host), true));
			assertThat(this.kept).isEmpty();
			mover.cancel();
			assertThat(this.kept).containsExactly("first", "second");
		}
		finally {
			listener.close();
		}
	}

	private final class Detached implements MovableConnection {

		private final String name;

		private final boolean faulty;

		Detached(String name, boolean faulty) {
			this.name = name;
			this.faulty = faulty;
		}

		@Override
		public int descriptor() {
			if (this.faulty) {
				throw new OutOfMemoryError("injected");
			}
			return 1;
		}

		@Override
		public long idleMillis() {
			return 0;
		}

		@Override
		public int keepAliveLeft() {
			return 1;
		}

		@Override
		public void moved() {
			throw new IllegalStateException("nothing was sent");
		}

		@Override
		public void keep() {
			ConnectionMoverTests.this.kept.add(this.name);
		}

	}

}
