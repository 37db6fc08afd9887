package io.github.gracefulrestart.options;

/**
 * A port or a file of the JVM itself that predecessor and successor cannot both use, and
 * what is done about it.
 *
 * @param kind what the JVMs would share
 * @param remedy what is done
 * @param message what would happen, what is done and where to change that
 */
public record Collision(Kind kind, Remedy remedy, String message) {

	/**
	 * What two JVMs would share.
	 */
	public enum Kind {

		/**
		 * A port, which the second JVM could not open. It would end.
		 */
		PORT,

		/**
		 * A file, which the second JVM would rename, write into or leave alone.
		 */
		FILE,

		/**
		 * A port or directory of an agent. The second JVM would end, or run without the
		 * agent.
		 */
		AGENT

	}

	/**
	 * What is done about it.
	 */
	public enum Remedy {

		/**
		 * The successor starts without it.
		 */
		DROPPED,

		/**
		 * The successor uses another one.
		 */
		SHIFTED,

		/**
		 * The restart is to be refused.
		 */
		REFUSED,

		/**
		 * Nothing, because the operator has configured it so or because the option cannot
		 * be changed where it is.
		 */
		KEPT

	}

}
