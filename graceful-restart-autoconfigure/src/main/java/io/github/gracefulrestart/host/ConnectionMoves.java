package io.github.gracefulrestart.host;

import java.io.IOException;
import java.util.List;

/**
 * Moves connections to another process while a drain goes on.
 */
@FunctionalInterface
public interface ConnectionMoves {

	/**
	 * Move what can be moved now.
	 * @param drains what has the connections
	 * @param look whether to look for connections that can be moved, and not only to take
	 * those that have been answered just now
	 * @return whether connections are on their way
	 * @throws IOException if the other process is gone or does not answer
	 */
	boolean step(List<HostDrain> drains, boolean look) throws IOException;

}
