package io.github.gracefulrestart.posix;

/**
 * The process at the other end of a Unix domain socket, as recorded by the kernel when
 * the peer connected ({@code SO_PEERCRED}, see unix(7)).
 *
 * @param pid the peer's process id
 * @param uid the peer's effective user id
 */
public record Credentials(long pid, int uid) {

	/**
	 * Return the effective user id of this process.
	 * @return the user id
	 */
	public static int ownUid() {
		return Native.posix().geteuid();
	}

}
