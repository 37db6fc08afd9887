package io.github.gracefulrestart.state;

/**
 * Tells whether this JVM has begun to shut down, because of a signal or
 * {@code System.exit}: nothing that happens to the application from then on is of its own
 * accord.
 */
public final class JvmShutdown {

	private JvmShutdown() {
	}

	/**
	 * Look. A JVM that shuts down takes no more hooks.
	 * @return whether the shutdown has begun
	 */
	public static boolean isUnderWay() {
		Thread hook = new Thread(() -> {
		}, "graceful-restart-never");
		try {
			Runtime.getRuntime().addShutdownHook(hook);
			Runtime.getRuntime().removeShutdownHook(hook);
			return false;
		}
		catch (IllegalStateException ex) {
			return true;
		}
	}

}
