package io.github.gracefulrestart.options;

/**
 * What happens to a JVM option that names a port or a file which two JVMs cannot both
 * use.
 */
public enum CollisionRule {

	/**
	 * The successor starts without the option.
	 */
	DROP,

	/**
	 * The successor uses another one: of files, the name with the generation in it; of
	 * ports, one that the system chooses.
	 */
	SHIFT,

	/**
	 * A restart is refused as long as this process has the option.
	 */
	REFUSE,

	/**
	 * The successor gets the option unchanged, even if it fails because of it.
	 */
	KEEP

}
