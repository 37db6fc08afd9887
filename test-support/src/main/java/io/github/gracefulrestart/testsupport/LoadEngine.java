package io.github.gracefulrestart.testsupport;

/**
 * Does the work of a load on the thread that runs it, until it is told to stop and every
 * request that was begun has ended.
 */
interface LoadEngine extends Runnable {

	/**
	 * Begin no further request.
	 */
	void stop();

}
