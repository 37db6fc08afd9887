package io.github.gracefulrestart.posix;

import java.io.Closeable;
import java.util.concurrent.atomic.AtomicInteger;

import jnr.constants.platform.Errno;
import jnr.constants.platform.Fcntl;

/**
 * An operating-system file descriptor that this object owns. Closing it twice is
 * harmless: the kernel may have reused the number by then, so only the first close
 * reaches the kernel.
 */
public final class Descriptor implements Closeable {

	private static final int CLOSED = -1;

	/** Behind the standard streams. */
	private static final int FIRST = 3;

	/** {@code FD_CLOEXEC} of every Unix. */
	private static final int CLOSE_ON_EXEC = 1;

	private final AtomicInteger number;

	private final int lastNumber;

	/**
	 * Create a descriptor that owns the given number.
	 * @param number the file descriptor
	 */
	public Descriptor(int number) {
		this.number = new AtomicInteger(number);
		this.lastNumber = number;
	}

	/**
	 * Return the number of the descriptor.
	 * @return the file descriptor
	 * @throws PosixException if this descriptor has been closed
	 */
	public int number() throws PosixException {
		int current = this.number.get();
		if (current == CLOSED) {
			throw PosixException.of("use of closed descriptor " + this.lastNumber, Errno.EBADF.intValue());
		}
		return current;
	}

	/**
	 * Make another descriptor number refer to what this one refers to, then close this
	 * one. What the other number referred to before is closed by the kernel in the same
	 * step.
	 * @param target the number to replace
	 * @throws PosixException if the system call failed; this descriptor stays open
	 */
	public void replace(int target) throws PosixException {
		int source = number();
		Native.check(Native.posix().dup2(source, target), "dup2(" + source + ", " + target + ")");
		close();
	}

	/**
	 * Give up the descriptor without closing it.
	 * @return the file descriptor, which from now on belongs to the caller
	 * @throws PosixException if this descriptor has been closed
	 */
	int release() throws PosixException {
		int current = number();
		if (!this.number.compareAndSet(current, CLOSED)) {
			throw PosixException.of("use of closed descriptor " + this.lastNumber, Errno.EBADF.intValue());
		}
		return current;
	}

	/**
	 * Duplicate a descriptor. The new one is close-on-exec.
	 * @param number the file descriptor to duplicate
	 * @return the new descriptor
	 * @throws PosixException if the system call failed
	 */
	public static Descriptor duplicate(int number) throws PosixException {
		return duplicate(number, FIRST);
	}

	/**
	 * Make another descriptor for what one refers to. No process that is started gets it.
	 * @param number the file descriptor to duplicate
	 * @param lowest the lowest number that the new one may have
	 * @return the new descriptor
	 * @throws PosixException if the system call failed
	 */
	static Descriptor duplicate(int number, int lowest) throws PosixException {
		Descriptor duplicate = new Descriptor(Native.check(Native.posix().fcntlInt(number, Fcntl.F_DUPFD, lowest),
				"fcntl(" + number + ", F_DUPFD, " + lowest + ")"));
		duplicate.closeOnExec();
		return duplicate;
	}

	/**
	 * Set close-on-exec, so that processes that are started do not inherit this
	 * descriptor.
	 * @throws PosixException if the system call failed
	 */
	void closeOnExec() throws PosixException {
		closeOnExec(number());
	}

	static void closeOnExec(int number) throws PosixException {
		Native.check(Native.posix().fcntlInt(number, Fcntl.F_SETFD, CLOSE_ON_EXEC), "fcntl(" + number + ", F_SETFD)");
	}

	@Override
	public void close() {
		int current = this.number.getAndSet(CLOSED);
		if (current != CLOSED) {
			Native.posix().close(current);
		}
	}

	@Override
	public String toString() {
		return "descriptor " + this.lastNumber;
	}

}
