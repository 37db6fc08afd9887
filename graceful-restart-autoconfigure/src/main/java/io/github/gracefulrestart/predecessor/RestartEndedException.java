package io.github.gracefulrestart.predecessor;

/**
 * Carries the ending of a restart to the code that concludes it. Never leaves this
 * package.
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
