package io.github.gracefulrestart.supervisor.systemd;

/**
 * Whether the listening sockets of the service are put into the descriptor store of its
 * unit.
 */
enum DescriptorStore {

	/** If systemd says that the unit has one, which it does since version 254. */
	AUTO,

	/** Whatever systemd says. */
	ALWAYS,

	/** Not, and what is there is removed. */
	NEVER;

	static final String PROPERTY = "graceful.restart.descriptor-store";

	/**
	 * Return whether sockets are stored.
	 * @param offered whether systemd says that the unit has a store
	 */
	boolean isUsed(boolean offered) {
		return this == ALWAYS || (this == AUTO && offered);
	}

}
