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
 * it leaves; each later one tells the keeper who follows it, so that the death of a
 * generation is the end of the service only if nobody does.
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
		// What becomes of this process is the last that happens to it
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
			// It may be a descendant of what was launched
			nameHeir(successorPid);
		}
	}

	private void nameHeir(long heir) throws PosixException {
		if (this.keeper != null) {
			ProcessKeeper.nameHeir(this.keeper, heir);
		}
	}

}
