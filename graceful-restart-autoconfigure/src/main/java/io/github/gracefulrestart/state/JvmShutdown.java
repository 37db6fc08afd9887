package io.github.gracefulrestart.state;

/**
 * Tells whether this JVM has begun to shut down, because of a signal or {@code
 * System.exit}. From then on, the application closes because of that.
 */
public final class JvmShutdown {

	private JvmShutdown() {
	}

	/**
	 * Find out: a JVM that shuts down rejects further hooks.
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
