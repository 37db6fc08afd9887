package io.github.gracefulrestart.posix;

import jnr.constants.platform.Signal;
import jnr.posix.util.SunMiscSignal;

/**
 * Installs signal handlers by way of {@code sun.misc.Signal}, which the JDK supports for
 * lack of another way (JEP 260) but which no compiler lets pass without a warning; hence
 * jnr-posix's wrapper. It is plain Java: no native library is loaded.
 *
 * @since 0.1.0
 */
public final class Signals {

	private Signals() {
	}

	/**
	 * Install a handler in place of the one before. It is called on a new thread for each
	 * signal; signals that come quickly may be merged by the kernel.
	 * @param name the signal's name without {@code SIG}
	 * @param action what to do
	 * @throws IllegalArgumentException if there is no such signal here, or the JVM keeps
	 * it for itself
	 */
	public static void handle(String name, Runnable action) {
		SunMiscSignal.signal(Signal.valueOf("SIG" + name), (number) -> action.run());
	}

}
