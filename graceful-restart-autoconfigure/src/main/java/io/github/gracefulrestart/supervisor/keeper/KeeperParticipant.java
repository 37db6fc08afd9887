package io.github.gracefulrestart.supervisor.keeper;

import java.io.IOException;

import io.github.gracefulrestart.SuccessorLaunch;
import io.github.gracefulrestart.posix.PosixException;
import io.github.gracefulrestart.posix.ProcessKeeper;
import io.github.gracefulrestart.state.InternalParticipant;
import io.github.gracefulrestart.supervisor.Supervision;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Keeps the process that a supervisor knows. A first generation becomes the keeper when
 * it exits. Each later generation tells the keeper its successor, so that the keeper
 * exits only when a generation ends without one.
 */
final class KeeperParticipant implements InternalParticipant, Ordered {

	private final long pid;

	private final @Nullable Long keeper;

	private volatile boolean dryRun;

	/**
	 * Create a participant.
	 * @param pid the process id of this process
	 * @param keeper the process id of the keeper, or {@code null} if that is to be this
	 * process
	 */
	KeeperParticipant(long pid, @Nullable Long keeper) {
		this.pid = pid;
		this.keeper = keeper;
	}

	@Override
	public int getOrder() {
		// Last, because this process becomes another program
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void beforeLaunch(SuccessorLaunch launch) {
		this.dryRun = launch.dryRun();
		launch.environment(Supervision.KEEPER, Long.toString((this.keeper != null) ? this.keeper : this.pid));
	}

	@Override
	public void launched(long successorPid) throws PosixException {
		if (!this.dryRun) {
			nameHeir(successorPid);
		}
	}

	@Override
	public void resume() throws PosixException {
		nameHeir(this.pid);
	}

	@Override
	public void stopping() throws PosixException {
		nameHeir(this.pid);
	}

	@Override
	public void leaving(long successorPid) throws IOException {
		if (this.keeper == null) {
			ProcessKeeper.become(successorPid);
		}
		else {
			// The successor may be a descendant of the launched program
			nameHeir(successorPid);
		}
	}

	private void nameHeir(long heir) throws PosixException {
		if (this.keeper != null) {
			ProcessKeeper.nameHeir(this.keeper, heir);
		}
	}

}
