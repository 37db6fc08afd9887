package io.github.gracefulrestart.posix;

/**
 * Keeps the signals that trigger restarts from ending a successor before it handles them.
 * Their default action ends a process, and an operator may signal all processes with the
 * name of the service, the successor included.
 * <p>
 * Processes that another thread starts while the shield is up, about a millisecond,
 * ignore the signals, too. That cannot be avoided without a native library: a new process
 * inherits the dispositions of this one, {@code posix_spawn(3)} can only set some of them
 * to their default, and a program in between that ignores the signals is itself
 * unprotected for just as long. Blocking the signals in the successor would be worse:
 * they would stay blocked in all of its threads and in the processes that it starts,
 * because a JVM does not unblock signals that it does not use.
 */
@FunctionalInterface
public interface SignalShield {

	/**
	 * Raise or lower the shield, before and after a process is started. Processes that
	 * the application starts in between on another thread are affected as well, so the
	 * time must be short.
	 * @param up whether processes that are started ignore the signals
	 */
	void raise(boolean up);

}
