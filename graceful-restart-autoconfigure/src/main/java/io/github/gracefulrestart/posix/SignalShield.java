package io.github.gracefulrestart.posix;

/**
 * Keeps the signals that trigger restarts from ending a successor before it handles them.
 * Their default action ends a process, and an operator who signals every process with the
 * name of the service reaches the successor as well.
 * <p>
 * What another thread starts in the moment in which the shield is up, about a
 * millisecond, ignores the signals, too. That cannot be avoided without a native library:
 * the new process has the dispositions that this one has when it is made,
 * {@code posix_spawn(3)} can set some to their default only, and a program in between
 * that ignores them has the default itself for just as long. To block them in the
 * successor would be worse: all of its threads, and whatever they start, would have them
 * blocked for ever, because no JVM unblocks what it does not use itself.
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
