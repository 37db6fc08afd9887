package io.github.gracefulrestart.successor;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.PredecessorGoneEvent;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.handover.Message;
import io.github.gracefulrestart.handover.Message.Abort;
import io.github.gracefulrestart.handover.Message.Connections;
import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.Left;
import io.github.gracefulrestart.handover.Message.Proceed;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.handover.Message.Relieved;
import io.github.gracefulrestart.handover.Message.Report;
import io.github.gracefulrestart.handover.Message.Serving;
import io.github.gracefulrestart.handover.Message.Stopping;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.handover.ReceivedMessage;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.state.Departure;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;
import io.github.gracefulrestart.state.Threads;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * A restart, seen from the JVM that was launched for it: until its predecessor is gone.
 */
public final class SuccessorRun implements PredecessorLink.Handler {

	private static final Duration FOR_A_CLIENT = Duration.ofMillis(50);

	private static final Duration MARGIN = Duration.ofSeconds(2);

	private static final Log logger = RestartLog.LOG;

	private final RestartState state;

	private final PredecessorLink link;

	private final Listeners listeners;

	private final ConnectionReceiver receiver;

	private final Departure departure;

	private final RestartSettings settings;

	private final Retreat retreat;

	private final PredecessorEnd predecessorEnd;

	private final PredecessorReport reports;

	private boolean ready;

	private boolean orphaned;

	private boolean answered;

	private volatile boolean dismissed;

	/**
	 * Not guarded by the lock, which a takeover that has just begun may hold: from the
	 * moment in which this JVM is told to stop, no other takeover begins.
	 */
	private volatile boolean closing;

	private @Nullable Map<String, String> report;

	/**
	 * Create the role.
	 * @param state the state of this JVM, in {@link RestartPhase#INHERITING}
	 * @param link the connection to the predecessor
	 * @param listeners the listeners of this JVM
	 * @param hosts what accepts and serves
	 * @param settings the limits
	 * @param departure ends this process
	 */
	public SuccessorRun(RestartState state, PredecessorLink link, Listeners listeners, ListenerHosts hosts,
			RestartSettings settings, Departure departure) {
		this.departure = departure;
		this.retreat = new Retreat(listeners, hosts, settings);
		this.predecessorEnd = new PredecessorEnd(link.flag(), this::goOnWithoutEnd);
		this.reports = new PredecessorReport(listeners, state.generation(), link.flag().predecessorPid());
		this.receiver = new ConnectionReceiver(hosts, settings.controlDirectory());
		this.state = state;
		this.settings = settings;
		this.link = link;
		this.listeners = listeners;
	}

	/**
	 * The application is ready to serve.
	 */
	public synchronized void ready() {
		this.ready = true;
		this.link.closeUnwanted();
		if (this.link.flag().dryRun()) {
			// Whatever becomes of the predecessor, this JVM does not serve
			this.link.send(new Ready());
		}
		else if (this.orphaned) {
			serveOrphaned();
		}
		else {
			this.link.send(new Ready());
			LastResort.attempt("Watching for the predecessor's answer",
					() -> Threads.startDaemon("graceful-restart-patience", this::awaitAnswer));
		}
	}

	/**
	 * A predecessor that hangs serves nobody, and its clients wait in queues that this
	 * JVM holds as well. If it is only slow, both accept for a while.
	 */
	private synchronized void awaitAnswer() {
		Duration patience = this.settings.handoverTimeout();
		long deadline = System.nanoTime() + patience.toNanos();
		try {
			while (!this.answered && !this.orphaned && mayTakeOver()) {
				long left = deadline - System.nanoTime();
				if (left <= 0) {
					LastResort.attempt("Saying that the predecessor does not answer",
							() -> logger.warn("Predecessor (pid " + this.link.flag().predecessorPid()
									+ ") did not respond within " + patience.toMillis()
									+ " ms after this process became ready. Serving alongside it"));
					takeOver();
					return;
				}
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * This JVM is told to stop, and others will hear of it later. If its predecessor can
	 * still serve, it is asked to, and this JVM stops to accept. Returns at once.
	 * @param wanted whether the application was asked to shut down, and not just this
	 * process to end
	 */
	public void stop(boolean wanted) {
		beginToClose();
		boolean starting = this.state.phase() == RestartPhase.INHERITING;
		boolean served = askToServeInstead(wanted);
		if (served) {
			this.retreat.begin();
		}
		if (served || starting) {
			// Before the predecessor loses patience, so that the reason is known
			Duration patience = patience(starting);
			this.departure.expect(patience.minus(margin(patience)));
		}
	}

	/**
	 * Return how long the predecessor waits for the end of this JVM.
	 */
	private Duration patience(boolean starting) {
		Duration limit = this.settings.terminationTimeout();
		return (starting || this.dismissed) ? limit : limit.plus(this.settings.drainTimeout());
	}

	private static Duration margin(Duration patience) {
		Duration quarter = patience.dividedBy(4);
		return (quarter.compareTo(MARGIN) < 0) ? quarter : MARGIN;
	}

	/**
	 * Wait until what this JVM has accepted is finished.
	 */
	public void awaitFinished() {
		this.retreat.await(this.settings.terminationTimeout().dividedBy(2));
	}

	/**
	 * From now on this JVM does not take over any more. May be called some time before
	 * {@link #stop}, and does not wait for a takeover under way.
	 */
	public void beginToClose() {
		this.closing = true;
	}

	private synchronized boolean askToServeInstead(boolean wanted) {
		RestartPhase phase = this.state.phase();
		boolean asked = false;
		if (phase == RestartPhase.SUCCEEDING) {
			// What has reported is leaving already; what cannot be told serves already,
			// because it has noticed the end of the connection
			boolean told = this.report == null && !this.dismissed && this.link.send(new Stopping(wanted));
			asked = told || (this.report == null && (this.dismissed || this.link.flag().isPredecessorRunning()));
			if (told) {
				logger.info(
						(wanted ? "Shutting down together with predecessor (pid " : "Shutting down. Predecessor (pid ")
								+ this.link.flag().predecessorPid()
								+ (wanted ? ")" : ") rolls back. To stop the service, stop that process"));
			}
			this.state.leave();
		}
		else if (phase == RestartPhase.INHERITING) {
			if (this.ready) {
				this.link.send(new Failed("it is shutting down", ""));
			}
			this.state.leave();
		}
		notifyAll();
		return asked;
	}

	@Override
	public synchronized void received(ReceivedMessage received) {
		Message message = received.message();
		if (message instanceof Connections connections) {
			this.link.send(this.receiver.receive(connections, received));
			return;
		}
		received.discard();
		if (message instanceof Proceed && this.ready) {
			// Not if this JVM has become impatient, or is being closed
			if (mayTakeOver()) {
				takeOver();
			}
		}
		else if (message instanceof Relieved relieved) {
			relieved(Duration.ofMillis(relieved.probationMillis()));
		}
		else if (message instanceof Report last) {
			this.report = last.entries();
			// It leaves, and cannot roll back any more
			this.listeners.serveAlone();
			this.predecessorEnd.begin(PredecessorReport.endsWithin(last.entries(), this.settings.shutdownTimeout()));
		}
		else if (message instanceof Left && this.report != null) {
			logger.debug("The predecessor's application has ended");
		}
		else if (message instanceof Abort && this.link.flag().dryRun()) {
			logger.info("Dry run completed. This process will be terminated");
		}
		else if (message instanceof Abort abort) {
			answered();
			this.dismissed = true;
			this.predecessorEnd.end();
			if (this.state.phase() != RestartPhase.INHERITING) {
				this.retreat.begin();
			}
			logger.warn("Predecessor (pid " + this.link.flag().predecessorPid() + ") cancelled the restart: "
					+ abort.reason() + ". This process will be terminated");
		}
		else {
			misunderstood(message.type() + " at the wrong time");
		}
	}

	private boolean mayTakeOver() {
		return this.state.phase() == RestartPhase.INHERITING && !this.closing;
	}

	private void answered() {
		this.answered = true;
		notifyAll();
	}

	private void takeOver() {
		answered();
		this.link.takeOverOutput();
		openGates();
		// Whoever hears of it stops to accept, perhaps long before a cold acceptor on a
		// busy machine takes its first connection
		this.listeners.awaitFirstConnection(FOR_A_CLIENT);
		this.link.send(new Serving(this.link.adopted(), this.receiver.capacity()));
		this.state.moveFrom(RestartPhase.INHERITING, RestartPhase.SUCCEEDING);
	}

	private void openGates() {
		this.listeners.openGates();
		LastResort.attempt("Setting the length of the queues", this.listeners::claimQueues);
	}

	/**
	 * Only now does nobody else accept any longer.
	 */
	private void relieved(Duration probation) {
		this.state.onProbationUntil(System.nanoTime() + probation.toNanos());
		logger.info("Serving as generation " + this.state.generation() + ". Predecessor (pid "
				+ this.link.flag().predecessorPid() + ") is draining"
				+ (probation.isZero() ? "" : " and can roll back for " + probation.toMillis() + " ms"));
	}

	/**
	 * Ask the predecessor to take back.
	 * @param reason why
	 * @return whether it could be asked
	 */
	public boolean rollBack(String reason) {
		return this.state.phase() == RestartPhase.SUCCEEDING && this.link.send(new TakeBack(reason));
	}

	@Override
	public synchronized void misunderstood(String reason) {
		String said = "this process violated the control protocol: " + reason;
		this.link.send((this.state.phase() == RestartPhase.SUCCEEDING) ? new TakeBack(said) : new Failed(said, ""));
		this.link.close();
	}

	@Override
	public synchronized void cutOff() {
		// If it runs it decides, and is not to be served beside
		answered();
	}

	@Override
	public synchronized void disconnected() {
		this.orphaned = true;
		this.predecessorEnd.end();
		if (!this.link.flag().dryRun()) {
			LastResort.attempt("Accepting as the only process", this.listeners::serveAlone);
		}
		notifyAll();
		if (this.state.phase() == RestartPhase.LEAVING || this.state.phase() == RestartPhase.SERVING) {
			return;
		}
		if (this.link.flag().dryRun()) {
			endDryRun();
		}
		else if (this.state.phase() == RestartPhase.SUCCEEDING) {
			predecessorGone();
		}
		else if (this.ready) {
			serveOrphaned();
		}
		else {
			logger.warn("Predecessor (pid " + this.link.flag().predecessorPid()
					+ ") exited before the handover. This process will serve as soon as it is ready");
		}
	}

	/**
	 * The predecessor cannot be ended. It serves nobody.
	 */
	private void goOnWithoutEnd() {
		disconnected();
		this.link.presumeGone();
	}

	/**
	 * Nobody has asked this process to serve, not even now.
	 */
	private void endDryRun() {
		LastResort.attempt("Saying why this process ends",
				() -> logger.warn("Predecessor (pid " + this.link.flag().predecessorPid()
						+ ") has exited. This process was launched for a dry run only and exits, too"));
		// Whoever closes the context may wait for what this object is asked meanwhile
		try {
			// Not a daemon: the JVM must not end before this has closed the context
			Threads.start("graceful-restart", () -> this.departure.leave(false, () -> {
			}), false);
		}
		catch (OutOfMemoryError ex) {
			// It serves nobody
			Runtime.getRuntime().halt(1);
		}
	}

	/**
	 * The predecessor died, and its clients wait in the queues of the sockets that this
	 * JVM has inherited.
	 */
	private void serveOrphaned() {
		if (!mayTakeOver()) {
			return;
		}
		openGates();
		if (this.state.moveFrom(RestartPhase.INHERITING, RestartPhase.SUCCEEDING) == RestartPhase.INHERITING) {
			LastResort.attempt("Saying that this process serves",
					() -> logger.warn("Serving as generation " + this.state.generation() + ". Predecessor (pid "
							+ this.link.flag().predecessorPid() + ") died during the restart"));
			predecessorGone();
		}
	}

	/**
	 * Each step is made whatever happens to the others, or this JVM would be on probation
	 * for ever.
	 */
	private void predecessorGone() {
		LastResort.attempt("Accepting again", this.retreat::cancel);
		LastResort.attempt("Closing the control connection", this.link::close);
		LastResort.attempt("Closing what was prepared for connections", this.receiver::close);
		LastResort.attempt("Saying that this process serves alone",
				() -> logger.info("Predecessor (pid " + this.link.flag().predecessorPid() + ") has exited. Generation "
						+ this.state.generation() + " serves alone"));
		this.state.predecessorGone();
		LastResort.attempt("Ending probation",
				() -> this.state.moveFrom(RestartPhase.SUCCEEDING, RestartPhase.SERVING));
		LastResort.attempt("Telling that the predecessor is gone",
				() -> this.state.publish(new PredecessorGoneEvent(this.state)));
		LastResort.attempt("Reporting a restart", () -> {
			RestartReport last = this.reports.read(this.report);
			ApplicationJars.ofThisJvm().startedFrom(last.launched());
			this.state.ended(last);
		});
	}

}
