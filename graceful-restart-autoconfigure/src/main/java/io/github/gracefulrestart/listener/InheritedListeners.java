package io.github.gracefulrestart.listener;

import java.io.IOException;

import io.github.gracefulrestart.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets that a predecessor has handed over and that have not been taken
 * yet.
 */
public interface InheritedListeners {

	/**
	 * Take the descriptor for a listener, waiting for the predecessor to hand over.
	 * @param key the listener of the new configuration
	 * @return the descriptor, now owned by the caller, or {@code null} if the predecessor
	 * has no such listener
	 * @throws IOException if the predecessor did not hand over
	 */
	@Nullable Descriptor take(ListenerKey key) throws IOException;

}
