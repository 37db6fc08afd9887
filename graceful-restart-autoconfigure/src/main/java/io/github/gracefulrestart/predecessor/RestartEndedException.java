package io.github.gracefulrestart.predecessor;

/**
 * Brings the ending of a restart that is under way to where it is concluded. Never leaves
 * this package.
 */
final class RestartEndedException extends Exception {

	private static final long serialVersionUID = 1L;

	private final transient Ending ending;

	RestartEndedException(Ending ending) {
		super(ending.reason(), (ending instanceof Ending.Failed failed) ? failed.cause() : null);
		this.ending = ending;
	}

	Ending ending() {
		return this.ending;
	}

}
