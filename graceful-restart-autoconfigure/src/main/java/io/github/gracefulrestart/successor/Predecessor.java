package io.github.gracefulrestart.successor;

/**
 * What a successor knows of its predecessor. Each constant names the process that decides
 * whether the successor serves.
 */
enum Predecessor {

	/**
	 * It is connected. It decides; if it hangs, the successor does.
	 */
	PRESENT,

	/**
	 * It is no longer connected, and may still run. It decides, and the successor must
	 * not serve beside it.
	 */
	CUT_OFF,

	/**
	 * It has cancelled the restart, and terminates the successor.
	 */
	GIVING_UP,

	/**
	 * It has sent its report and leaves the service to the successor.
	 */
	LEAVING,

	/**
	 * It has ended. Only the successor is left.
	 */
	GONE

}
