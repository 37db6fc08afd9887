package io.github.gracefulrestart.supervisor.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.gracefulrestart.RestartEndedEvent;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartPhaseEvent;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.SuccessorLaunch;
import io.github.gracefulrestart.posix.MonotonicClock;
import io.github.gracefulrestart.posix.PosixException;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.state.InternalParticipant;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.Ordered;

/**
 * Notifies systemd of the progress of a restart. For systemd it is a reload of the
 * service, whose main process is the predecessor until that has exited, and from then on
 * the process that the pid file names. {@code MAINPID=} is never sent: if a main process
 * was not a child of systemd when it became the main process, systemd kills it without
 * giving it any time.
 */
final class SystemdParticipant implements InternalParticipant, SmartApplicationListener {

	private static final Log logger = LogFactory.getLog(SystemdParticipant.class);

	private static final List<Class<? extends ApplicationEvent>> EVENTS = List.of(RestartEndedEvent.class,
			RestartPhaseEvent.class, ContextClosedEvent.class);

	private static final String READY = "READY=1";

	/** How long to wait until systemd has noticed the exit of the predecessor. */
	private static final Duration NOTICED_WITHIN = Duration.ofSeconds(10);

	private static final Duration LOOK = Duration.ofMillis(20);

	/** The contexts of this JVM. The service stops with the last of them. */
	private static final AtomicInteger MAIN = new AtomicInteger();

	private final ApplicationContext context;

	private final UnitEnvironment unit;

	private final int generation;

	private final @Nullable Long predecessorPid;

	private final NotifySocket socket;

	private final Pulse pulse;

	private final @Nullable ReloadFiles files;

	private final StoredListeners listeners;

	private boolean main;

	private boolean reloading;

	/**
	 * Create a participant.
	 * @param context the context whose end is the end of the service
	 * @param unit the information from systemd
	 * @param flag what the predecessor has told this process, or {@code null} in a first
	 * generation
	 * @param signal the signal that triggers a restart, without {@code SIG}, or
	 * {@code null} if none does
	 * @param listeners what systemd holds
	 */
	SystemdParticipant(ApplicationContext context, UnitEnvironment unit, @Nullable SuccessorFlag flag,
			@Nullable String signal, StoredListeners listeners) {
		this.context = context;
		this.unit = unit;
		this.generation = (flag != null) ? flag.generation() : 1;
		this.predecessorPid = (flag != null) ? flag.predecessorPid() : null;
		this.listeners = listeners;
		this.socket = new NotifySocket(unit.notifySocket());
		this.pulse = new Pulse(this.socket, unit.watchdog());
		Path directory = unit.runtimeDirectory();
		this.files = (directory != null && signal != null) ? new ReloadFiles(directory, signal) : null;
	}

	@Override
	public int getOrder() {
		// After the pid file, before participants of the application
		return Ordered.HIGHEST_PRECEDENCE + 1;
	}

	@Override
	public void beforeLaunch(SuccessorLaunch launch) {
		this.unit.personal().forEach((name) -> launch.environment(name, null));
		this.listeners.tell(launch);
		if (!launch.dryRun()) {
			beginReload("Restarting: generation " + launch.generation() + " starts");
		}
	}

	@Override
	public void takenOver() {
		// Sent from now on, although systemd accepts it only from the main process, so
		// that it is not late when this process becomes that
		this.pulse.begin();
	}

	@Override
	public void resign() {
		status("Restarted: generation " + (this.generation + 1) + " serves, generation " + this.generation
				+ " completes its requests");
	}

	@Override
	public synchronized void stopping() {
		if (this.main) {
			this.socket.send("STOPPING=1", "STATUS=Stopping");
		}
	}

	@Override
	public synchronized void leaving(long successorPid) {
		if (this.main) {
			this.main = false;
			MAIN.decrementAndGet();
		}
	}

	@Override
	public synchronized void alone() {
		if (!this.main) {
			this.main = true;
			MAIN.incrementAndGet();
		}
		this.pulse.begin();
		becomeMain(NOTICED_WITHIN);
	}

	/**
	 * Notifications count only if they come from the main process, and this process is it
	 * when systemd has noticed the end of the predecessor, which then disappears.
	 */
	private void becomeMain(Duration left) {
		if (this.predecessorPid != null && left.compareTo(Duration.ZERO) > 0
				&& Files.exists(Path.of("/proc", this.predecessorPid.toString()))) {
			this.pulse.later(LOOK, () -> becomeMain(left.minus(LOOK)));
			return;
		}
		// Who waits for the service to be ready may kill it then
		this.listeners.settle(this.socket);
		serving();
		write((to) -> {
			to.writeCommand();
			if (this.predecessorPid != null) {
				to.writeOutcome("completed", "generation " + this.generation + " serves");
			}
		});
	}

	/** So that it is not called for the events of each request. */
	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
		return EVENTS.stream().anyMatch((wanted) -> wanted.isAssignableFrom(type));
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof RestartEndedEvent ended) {
			ended(ended.getReport());
		}
		else if (event instanceof RestartPhaseEvent change && change.getPhase() == RestartPhase.PROBATION) {
			status("Restarted: generation " + (this.generation + 1) + " serves, generation " + this.generation
					+ " can roll back");
		}
		else if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == this.context) {
			closed();
		}
	}

	private void ended(RestartReport report) {
		String reason = Objects.requireNonNullElse(report.reason(), "for an unknown reason");
		switch (report.outcome()) {
			case REFUSED, FAILED, ROLLED_BACK -> {
				// Otherwise a command that waits for the start would wait until the end
				beginReload("Restarting");
				endReload();
				write((to) -> to.writeOutcome(report.outcome().label(), reason));
			}
			case COMPLETED, DRY_RUN, STOPPED -> {
				// Said by the successor, of no interest, and said before
			}
		}
	}

	private synchronized void beginReload(String status) {
		if (this.reloading) {
			return;
		}
		this.reloading = true;
		if (this.socket.isPresent()) {
			try {
				this.socket.send("RELOADING=1", "MONOTONIC_USEC=" + MonotonicClock.micros(), "STATUS=" + status);
			}
			catch (PosixException ex) {
				logger.warn("systemd cannot be told that a restart has begun", ex);
			}
		}
		this.pulse.extend(true);
	}

	private synchronized void endReload() {
		this.reloading = false;
		this.pulse.extend(false);
		serving();
	}

	private void serving() {
		this.socket.send(READY, "STATUS=Serving as generation " + this.generation);
	}

	private void status(String text) {
		this.socket.send("STATUS=" + text);
	}

	private synchronized void closed() {
		if (this.main) {
			this.main = false;
			if (MAIN.decrementAndGet() == 0) {
				this.socket.send("STOPPING=1", "STATUS=Stopping");
			}
		}
	}

	private void write(Writing writing) {
		ReloadFiles to = this.files;
		if (to == null) {
			return;
		}
		try {
			writing.write(to);
		}
		catch (IOException ex) {
			logger.warn("systemctl reload cannot be told how a restart ends: " + ex + ". Restarts go on as ever; see "
					+ ReloadFiles.OUTCOME + " in " + this.unit.runtimeDirectory(), ex);
		}
	}

	/**
	 * Writes one of the files.
	 */
	@FunctionalInterface
	private interface Writing {

		void write(ReloadFiles files) throws IOException;

	}

}
