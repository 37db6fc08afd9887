package io.github.gracefulrestart.trigger;

import java.nio.file.Files;
import java.nio.file.Path;

import io.github.gracefulrestart.posix.ProcessStatus;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of this process, and the predecessor that may have been the leader of its
 * session.
 */
class Session {

	private static final int FIRST_MAJOR_OF_PSEUDO_TERMINALS = 136;

	private static final int LAST_MAJOR_OF_PSEUDO_TERMINALS = 143;

	private final @Nullable Long predecessor;

	private final @Nullable Path device;

	Session(@Nullable Long predecessor) {
		this.predecessor = predecessor;
		ProcessStatus status = ProcessStatus.own();
		this.device = (status != null) ? device(status.terminal()) : null;
	}

	/**
	 * Decode a device number as described in proc(5).
	 */
	private static @Nullable Path device(int terminal) {
		int major = (terminal >>> 8) & 0xfff;
		int minor = (terminal & 0xff) | ((terminal >>> 12) & 0xfff00);
		if (major < FIRST_MAJOR_OF_PSEUDO_TERMINALS || major > LAST_MAJOR_OF_PSEUDO_TERMINALS) {
			return null;
		}
		Path path = Path.of("/dev/pts", String.valueOf(((major - FIRST_MAJOR_OF_PSEUDO_TERMINALS) << 8) + minor));
		// Elsewhere in some containers
		return Files.exists(path) ? path : null;
	}

	/**
	 * Return whether this process has a controlling terminal.
	 */
	boolean hasTerminal() {
		ProcessStatus status = ProcessStatus.own();
		return status != null && status.hasTerminal();
	}

	/**
	 * Return whether the terminal that this process had still exists, as far as can be
	 * known. A pseudo-terminal disappears with the program at its other end.
	 */
	boolean isTerminalOpen() {
		return this.device == null || Files.exists(this.device);
	}

	/**
	 * Return whether there was a predecessor at all.
	 */
	boolean hasPredecessor() {
		return this.predecessor != null;
	}

	boolean isPredecessorRunning() {
		return this.predecessor != null && ProcessStatus.isRunning(this.predecessor);
	}

	/**
	 * Return whether the predecessor was the leader, whose end is that of the session.
	 */
	boolean isLedByPredecessor() {
		ProcessStatus status = ProcessStatus.own();
		return status != null && this.predecessor != null && status.session() == this.predecessor;
	}

}
