package io.github.gracefulrestart.host;

import java.io.IOException;
import java.util.List;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.posix.ReceivedConnection;

/**
 * A web server without a connection.
 */
public class IdleHost implements ListenerHost, HostDrain {

	private final Listener listener;

	public IdleHost(Listener listener) {
		this.listener = listener;
	}

	@Override
	public Listener listener() {
		return this.listener;
	}

	@Override
	public ConnectionCount connections() {
		return ConnectionCount.NONE;
	}

	@Override
	public HostDrain beginDrain(boolean move) {
		return this;
	}

	@Override
	public ListenerHost host() {
		return this;
	}

	@Override
	public List<MovableConnection> detach(int max, boolean look) {
		return List.of();
	}

	@Override
	public void stopMoving(String reason) {
	}

	@Override
	public String adopt(ReceivedConnection connection, ConnectionState state) throws IOException {
		throw new IllegalStateException("nothing is moved here");
	}

	@Override
	public void step(boolean look) {
	}

	@Override
	public void lastCall() {
	}

	@Override
	public void cancel() {
	}

	@Override
	public void closeIdle() {
	}

	@Override
	public void cut(long moment, boolean idleToo) {
	}

	@Override
	public DrainSummary summary() {
		return DrainSummary.NONE;
	}

	@Override
	public void closeListener(boolean inherited) throws IOException {
		if (inherited) {
			this.listener.leave();
		}
		else {
			this.listener.close();
		}
	}

}
