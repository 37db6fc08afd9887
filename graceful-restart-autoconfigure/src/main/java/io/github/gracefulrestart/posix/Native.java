package io.github.gracefulrestart.posix;

import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;

/**
 * Holder of the native libraries. Loading them generates classes and unpacks a shared
 * library, some hundred milliseconds of processor time, so nothing touches this class
 * before a restart needs it.
 */
final class Native {

	private static final POSIX CALLS;

	private static final LibC MORE_CALLS;

	static {
		CALLS = POSIXFactory.getNativePOSIX();
		MORE_CALLS = LibraryLoader.create(LibC.class).option(LibraryOption.SaveError, true).load("c");
	}

	private Native() {
	}

	static POSIX posix() {
		return CALLS;
	}

	static LibC libc() {
		return MORE_CALLS;
	}

	/**
	 * Turns the -1 of a failed call into an exception.
	 * @param result the call's result
	 * @param call the call with its arguments, for the message
	 * @return the result, if it is not negative
	 * @throws PosixException if the result is negative
	 */
	static int check(int result, String call) throws PosixException {
		if (result < 0) {
			throw PosixException.of(call, CALLS.errno());
		}
		return result;
	}

}
