package io.github.gracefulrestart.posix;

/**
 * Who is at the other end of a Unix domain socket, as the kernel recorded it when the
 * peer connected ({@code SO_PEERCRED}, see unix(7)).
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
