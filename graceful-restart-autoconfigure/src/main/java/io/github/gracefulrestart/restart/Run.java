package io.github.gracefulrestart.restart;

/**
 * What a trigger has set going, on a thread of its own.
 */
interface Run extends Runnable {

	/**
	 * Ask for an orderly end, because this process is told to stop.
	 */
	void stop();

	/**
	 * Return what this is, with its article.
	 */
	String description();

}
