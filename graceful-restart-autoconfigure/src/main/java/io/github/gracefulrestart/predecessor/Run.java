package io.github.gracefulrestart.predecessor;

/**
 * What a trigger has set going, on a thread of its own.
 */
public interface Run extends Runnable {

	/**
	 * Ask for an orderly end, because this process is told to stop. Returns at once.
	 */
	void stop();

	/**
	 * End what {@link #run()} could not end, or could not even begin. Never fails.
	 * @param failure what was thrown
	 */
	void abandon(Throwable failure);

	/**
	 * Return what this is, with its article.
	 * @return the description
	 */
	String description();

}
