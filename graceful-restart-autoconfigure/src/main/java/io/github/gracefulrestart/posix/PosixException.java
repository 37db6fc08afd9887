package io.github.gracefulrestart.posix;

import java.io.IOException;

import jnr.constants.platform.Errno;

/**
 * A system call failed. The message reads
 * {@code fcntl(7, F_SETFD) failed with EBADF (9): Bad file descriptor}.
 */
public final class PosixException extends IOException {

	private static final long serialVersionUID = 1L;

	private final int errno;

	private PosixException(String message, int errno) {
		super(message);
		this.errno = errno;
	}

	static PosixException of(String call, int errno) {
		Errno name = Errno.valueOf(errno);
		return new PosixException(call + " failed with " + name.name() + " (" + errno + "): " + name.description(),
				errno);
	}

	/**
	 * Return the number of the error.
	 * @return the value of {@code errno} after the call
	 */
	public int errno() {
		return this.errno;
	}

	boolean is(Errno expected) {
		return expected.intValue() == this.errno;
	}

}
