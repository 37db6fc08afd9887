package io.github.gracefulrestart.successor;

/**
 * Ends connections from outside of this package.
 */
public final class Links {

	private Links() {
	}

	/**
	 * End a connection as the end of either process does.
	 * @param link the link
	 */
	public static void cut(PredecessorLink link) {
		link.close();
	}

}
