package io.github.gracefulrestart.handover;

import java.time.Duration;

import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.ListenerKey;

/**
 * The layouts of records that are also used outside the protocol.
 */
final class Layouts {

	static final Layout<ListenerKey> LISTENER = Layout.of(ListenerKey.class, Kind.TEXT.field("name", ListenerKey::name),
			Kind.TEXT.field("address", ListenerKey::address), ListenerKey::new);

	static final Layout<ConnectionState> CONNECTION = Layout.of(ConnectionState.class,
			Kind.LONG.field("idle milliseconds", (state) -> state.idle().toMillis()),
			Kind.INT.field("requests left", ConnectionState::requestsLeft),
			(idle, requestsLeft) -> new ConnectionState(Duration.ofMillis(idle), requestsLeft));

	private Layouts() {
	}

}
