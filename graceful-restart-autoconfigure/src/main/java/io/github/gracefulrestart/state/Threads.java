package io.github.gracefulrestart.state;

/**
 * Starts threads.
 */
public final class Threads {

	private Threads() {
	}

	/**
	 * Start a thread that does not keep the JVM from ending.
	 * @param name its name
	 * @param task what it does
	 * @throws OutOfMemoryError if the limit of threads is reached
	 */
	public static void startDaemon(String name, Runnable task) {
		start(name, task, true);
	}

	/**
	 * Start a thread.
	 * @param name its name
	 * @param task what it does
	 * @param daemon whether the JVM may end while it runs
	 * @return the thread
	 * @throws OutOfMemoryError if the limit of threads is reached
	 */
	public static Thread start(String name, Runnable task, boolean daemon) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(daemon);
		// Not the class loader of a request that triggers a restart, because Tomcat
		// would treat the thread as one that the application has forgotten
		thread.setContextClassLoader(Threads.class.getClassLoader());
		thread.start();
		return thread;
	}

}
