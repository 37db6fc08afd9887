package io.github.gracefulrestart.listener;

import java.io.IOException;

import io.github.gracefulrestart.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/**
 * Listening sockets that are held outside of the service, by what has started it: they
 * are there before its first process, and clients can connect to them when its last one
 * has ended.
 */
public interface HeldListeners {

	/**
	 * That nothing is held.
	 */
	HeldListeners NONE = new HeldListeners() {

		@Override
		public @Nullable Descriptor take(ListenerKey key) {
			return null;
		}

		@Override
		public void opened(Listener listener) {
		}

		@Override
		public boolean isHeld(ListenerKey key) {
			return false;
		}

	};

	/**
	 * Take a descriptor for a listener. May be called again when that is closed: the
	 * socket stays.
	 * @param key what the configuration wants
	 * @return a descriptor, owned by the caller, or {@code null} if no such socket is
	 * held, so that it can be bound
	 * @throws IOException if a system call failed
	 */
	@Nullable Descriptor take(ListenerKey key) throws IOException;

	/**
	 * A listener is open, whatever its socket came from. It may be held from now on.
	 * @param listener the listener
	 */
	void opened(Listener listener);

	/**
	 * Return whether clients can connect to a listener when no process has it open. The
	 * path of a Unix domain socket is not deleted then.
	 * @param key what the listener is known by
	 * @return whether its socket is held
	 */
	boolean isHeld(ListenerKey key);

}
