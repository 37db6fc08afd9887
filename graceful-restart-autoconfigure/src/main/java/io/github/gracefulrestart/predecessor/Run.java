package io.github.gracefulrestart.predecessor;

/**
 * The work that a trigger has started, on a thread of its own.
 */
public interface Run extends Runnable {

	/**
	 * Request an orderly end, because this process is told to stop. Returns at once.
	 */
	void stop();

	/**
	 * End the work if {@link #run()} has failed, or could not even start. Never fails.
	 * @param failure the error
	 */
	void abandon(Throwable failure);

	/**
	 * Return the description of this work, with its article.
	 * @return the description
	 */
	String description();

}
