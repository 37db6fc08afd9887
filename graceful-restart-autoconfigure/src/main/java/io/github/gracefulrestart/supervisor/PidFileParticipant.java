package io.github.gracefulrestart.supervisor;

import java.io.IOException;

import io.github.gracefulrestart.RestartEndedEvent;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.SuccessorLaunch;
import io.github.gracefulrestart.state.InternalParticipant;

import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Keeps the process id of the process that serves in the pid file. The process that
 * begins to serve writes it: a successor when it has taken over, a predecessor when it
 * resumes.
 * <p>
 * For systemd the file has another meaning: it names the process that is the service when
 * the main process has ended. That is the successor from its launch on; otherwise a crash
 * of the predecessor would end the successor with it.
 */
final class PidFileParticipant implements InternalParticipant, ApplicationListener<RestartEndedEvent>, Ordered {

	private final PidFile file;

	private final boolean required;

	private final boolean heir;

	private volatile boolean dryRun;

	/**
	 * Create a participant.
	 * @param file the file
	 * @param required whether a process that cannot write the file must not serve
	 * @param heir whether the file names the successor from its launch on
	 */
	PidFileParticipant(PidFile file, boolean required, boolean heir) {
		this.file = file;
		this.required = required;
		this.heir = heir;
	}

	@Override
	public int getOrder() {
		// Before participants of the application, which may read the file
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void beforeLaunch(SuccessorLaunch launch) {
		this.dryRun = launch.dryRun();
	}

	@Override
	public void launched(long successorPid) throws IOException {
		if (this.heir && !this.dryRun) {
			this.file.bequeath(successorPid);
		}
	}

	@Override
	public void warmUp() throws IOException {
		if (this.required) {
			this.file.checkWritable();
		}
	}

	@Override
	public void takenOver() throws IOException {
		this.file.claim();
	}

	@Override
	public void resume() throws IOException {
		this.file.claim();
	}

	@Override
	public void stopping() throws IOException {
		this.file.claim();
	}

	/**
	 * The successor may not have written the file yet, and this process deletes a file
	 * that names it.
	 */
	@Override
	public void leaving(long successorPid) throws IOException {
		this.file.passOn(successorPid);
	}

	@Override
	public void alone() throws IOException {
		this.file.claim();
	}

	/**
	 * The successor has exited by now. It may have written or deleted the file at the
	 * moment in which this process resumed.
	 */
	@Override
	public void onApplicationEvent(RestartEndedEvent event) {
		RestartOutcome outcome = event.getReport().outcome();
		if (outcome == RestartOutcome.FAILED || outcome == RestartOutcome.ROLLED_BACK) {
			try {
				this.file.claim();
			}
			catch (IOException ex) {
				throw new IllegalStateException("The pid file " + this.file + " cannot be written", ex);
			}
		}
	}

}
