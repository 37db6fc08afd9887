package io.github.gracefulrestart.predecessor;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.github.gracefulrestart.host.HostDrain;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.MovableConnection;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.listener.TestTransport;
import io.github.gracefulrestart.state.Ticker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConnectionMoverTests {

	private final List<String> kept = new ArrayList<>();

	/**
	 * While a connection is on its way, no process serves it.
	 */
	@Test
	void whenAnErrorComesInBetweenThenAllConnectionsAreServedAgain() throws Exception {
		Listener listener = new Listeners(null, true).open(new ListenerKey("server", "127.0.0.1:0"), 1,
				TestTransport.loopback());
		try {
			ListenerHost host = fake(ListenerHost.class, (method) -> switch (method) {
				case "listener" -> listener;
				default -> throw new UnsupportedOperationException(method);
			});
			HostDrain drain = fake(HostDrain.class, (method) -> switch (method) {
				case "host" -> host;
				case "detach" -> List.of(new Detached("first", false), new Detached("second", true));
				default -> throw new UnsupportedOperationException(method);
			});
			ConnectionMover mover = new ConnectionMover(null, 10, Duration.ofMinutes(1), new Ticker());
			assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> mover.step(List.of(drain), true));
			assertThat(this.kept).isEmpty();
			mover.cancel();
			assertThat(this.kept).containsExactly("first", "second");
		}
		finally {
			listener.close();
		}
	}

	private static <T> T fake(Class<T> type, Function<String, Object> answers) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> answers.apply(method.getName())));
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
		public ConnectionState state() {
			return new ConnectionState(Duration.ZERO, 1);
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
