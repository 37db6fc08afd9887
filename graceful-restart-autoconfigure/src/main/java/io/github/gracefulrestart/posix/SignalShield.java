package io.github.gracefulrestart.posix;

/**
 * Keeps the signals that trigger restarts from ending a successor before it handles them.
 * Their default action ends a process, and an operator who signals every process with the
 * name of the service reaches the successor as well.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SignalShield {

	/**
	 * A process is about to be started, or has been. What the application starts in
	 * between on another thread is started likewise, so this must be a short moment.
	 * @param up whether what is started shall ignore the signals
	 */
	void raise(boolean up);

}
