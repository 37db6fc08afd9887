package io.github.gracefulrestart.successor;

/**
 * What a successor knows of its predecessor. Each constant says who decides what becomes
 * of the successor.
 */
enum Predecessor {

	/**
	 * It can be heard. It decides; if it hangs, the successor does.
	 */
	PRESENT,

	/**
	 * It cannot be heard or told anything any more, and may still run. It decides, and is
	 * not to be served beside.
	 */
	CUT_OFF,

	/**
	 * It has said that it gives up the restart, and ends the successor.
	 */
	GIVING_UP,

	/**
	 * It has reported and leaves the service to the successor, for good.
	 */
	LEAVING,

	/**
	 * There is nobody but the successor.
	 */
	GONE

}
