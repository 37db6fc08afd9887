package io.github.gracefulrestart.host;

import java.io.IOException;
import java.util.List;

/**
 * Moves connections to another process while a drain goes on.
 */
@FunctionalInterface
public interface ConnectionMoves {

	/**
	 * Move the connections that can move now.
	 * @param drains the drains that have the connections
	 * @param look whether to search all connections, and not only take those that have
	 * just been answered
	 * @return whether connections are on their way
	 * @throws IOException if the other process is gone or does not answer
	 */
	boolean step(List<HostDrain> drains, boolean look) throws IOException;

}
