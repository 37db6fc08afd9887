package io.github.gracefulrestart.tomcat;

import org.apache.tomcat.util.threads.LimitLatch;

/**
 * Counts a connection without waiting for room. Tomcat's latch can only wait, unless its
 * limit is high enough, so the limit is raised. A thread that waited here might wait for
 * the acceptor, which waits for a gate that only the waiting thread opens.
 */
final class ConnectionLatch {

	private ConnectionLatch() {
	}

	/**
	 * Count a connection, also beyond the limit. Two threads must not do so at once.
	 */
	static void countUp(LimitLatch latch) {
		long limit = latch.getLimit();
		latch.setLimit(Long.MAX_VALUE);
		boolean interrupted = false;
		try {
			while (!tryCountUp(latch)) {
				interrupted = true;
			}
		}
		finally {
			latch.setLimit(limit);
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private static boolean tryCountUp(LimitLatch latch) {
		try {
			latch.countUpOrAwait();
			return true;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

}
