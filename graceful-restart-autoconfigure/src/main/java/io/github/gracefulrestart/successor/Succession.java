package io.github.gracefulrestart.successor;

import java.time.Duration;

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
import io.github.gracefulrestart.successor.PredecessorEvent.Gone;
import org.apache.commons.logging.Log;

/**
 * How a successor takes over, and how it reacts to the messages and the end of its
 * predecessor. Used by one thread, but for {@link #takeOverNoMore()} and
 * {@link #awaitFinished()}.
 */
final class Succession {

	private static final Duration FOR_A_CLIENT = Duration.ofMillis(50);

	private static final Log logger = RestartLog.LOG;

	private final RestartState state;

	private final PredecessorLink link;

	private final Listeners listeners;

	private final ConnectionReceiver receiver;

	private final Retreat retreat;

	private final SuccessorDeparture departure;

	private final RestartSettings settings;

	private final PredecessorEnd predecessorEnd;

	private final PredecessorReport report;

	/**
	 * Set before {@link #close} is called: no takeover starts from the moment in which
	 * this JVM is told to stop.
	 */
	private volatile boolean closing;

	private Stage stage = Stage.INHERITING;

	private Predecessor predecessor = Predecessor.PRESENT;

	private long patienceEnd;

	Succession(RestartState state, PredecessorLink link, Listeners listeners, ListenerHosts hosts,
			RestartSettings settings, Departure departure) {
		this.state = state;
		this.link = link;
		this.listeners = listeners;
		this.receiver = new ConnectionReceiver(hosts, settings.controlDirectory());
		this.retreat = new Retreat(listeners, hosts, settings);
		this.departure = new SuccessorDeparture(departure, settings);
		this.settings = settings;
		this.predecessorEnd = new PredecessorEnd(link.flag(), this::goOnWithoutEnd);
		this.report = new PredecessorReport(listeners, state.generation(), link.flag().predecessorPid());
	}

	/**
	 * Return whether the restart is over for this JVM.
	 */
	boolean isOver() {
		return this.predecessor == Predecessor.GONE && (this.stage == Stage.SERVING || this.stage == Stage.LEAVING);
	}

	/**
	 * A predecessor that hangs does not serve, and its clients wait in queues that this
	 * JVM holds as well. If it is only slow, both accept for a while.
	 */
	boolean isAwaitingAnswer() {
		return mayTakeOver() && this.predecessor == Predecessor.PRESENT && !this.link.flag().dryRun();
	}

	/**
	 * Return how long to wait for an answer.
	 */
	Duration patience() {
		return this.link.events().clock().until(this.patienceEnd);
	}

	/**
	 * Called when the application is ready.
	 */
	private boolean mayTakeOver() {
		return this.stage == Stage.AWAITING_PROCEED && !this.closing;
	}

	/**
	 * Do not take over from now on. Called by any thread, and does not wait for a
	 * takeover under way.
	 */
	void takeOverNoMore() {
		this.closing = true;
	}

	/**
	 * Wait until this JVM has completed the requests that it has accepted. Called by any
	 * thread.
	 */
	void awaitFinished() {
		this.retreat.await(this.settings.terminationTimeout().dividedBy(2));
	}

	void applicationReady() {
		if (this.stage != Stage.INHERITING) {
			return;
		}
		expectToServe();
		if (this.predecessor == Predecessor.GONE && !this.link.flag().dryRun()) {
			serveOrphaned();
		}
		else {
			// The successor of a dry run does not serve, whatever happens to the
			// predecessor
			this.link.send(new Ready());
		}
	}

	private void expectToServe() {
		this.stage = Stage.AWAITING_PROCEED;
		this.patienceEnd = this.link.events().clock().deadline(this.settings.handoverTimeout());
		this.link.closeUnwanted();
	}

	/**
	 * A service that is not warm is better than none, so the failure counts only while a
	 * predecessor serves.
	 */
	void applicationUnfit(String reason) {
		if (this.predecessor == Predecessor.GONE) {
			applicationReady();
		}
		else if (this.stage == Stage.INHERITING) {
			this.stage = Stage.UNFIT;
			this.link.send(new Failed(reason, ""));
		}
	}

	void close(boolean wanted) {
		boolean starting = this.stage.isBeforeTakeover();
		boolean served = this.stage == Stage.SUCCEEDING && isServedInstead(wanted);
		if (this.stage == Stage.AWAITING_PROCEED) {
			this.link.send(new Failed("it is shutting down", ""));
		}
		if (this.stage != Stage.SERVING) {
			this.stage = Stage.LEAVING;
			this.state.leave();
		}
		if (served) {
			this.retreat.begin();
		}
		if (served || starting) {
			this.departure.expect(starting || this.predecessor == Predecessor.GIVING_UP);
		}
	}

	/**
	 * Ask the predecessor to serve, if it does not do so already. If the connection has
	 * ended, the predecessor serves anyway, because it has noticed that.
	 */
	private boolean isServedInstead(boolean wanted) {
		return switch (this.predecessor) {
			case PRESENT, CUT_OFF -> isToldToServe(wanted) || this.link.flag().isPredecessorRunning();
			case GIVING_UP -> true;
			case LEAVING, GONE -> false;
		};
	}

	private boolean isToldToServe(boolean wanted) {
		boolean told = this.link.send(new Stopping(wanted));
		if (told) {
			logger.info((wanted ? "Shutting down together with predecessor (pid " : "Shutting down. Predecessor (pid ")
					+ this.link.flag().predecessorPid()
					+ (wanted ? ")" : ") rolls back. To stop the service, stop that process"));
		}
		return told;
	}

	void received(ReceivedMessage received) {
		Message message = received.message();
		if (message instanceof Connections connections) {
			this.link.send(this.receiver.receive(connections, received));
			return;
		}
		received.discard();
		if (message instanceof Proceed && !this.stage.isBeforeReady()) {
			// Ignored if this JVM serves already, or is closing
			if (mayTakeOver()) {
				takeOver();
			}
		}
		else if (message instanceof Relieved relieved) {
			relieved(Duration.ofMillis(relieved.probationMillis()));
		}
		else if (message instanceof Report last) {
			reported(last);
		}
		else if (message instanceof Left && this.predecessor == Predecessor.LEAVING) {
			logger.debug("The predecessor's application has ended");
		}
		else if (message instanceof Abort && this.link.flag().dryRun()) {
			logger.info("Dry run completed. This process will be terminated");
		}
		else if (message instanceof Abort abort) {
			cancelled(abort.reason());
		}
		else {
			misunderstood(message.type() + " at the wrong time");
		}
	}

	private void takeOver() {
		this.link.takeOverOutput();
		openGates();
		// The predecessor stops accepting when it receives this, perhaps long before a
		// cold acceptor on a busy machine takes its first connection
		this.listeners.awaitFirstConnection(FOR_A_CLIENT);
		this.link.send(new Serving(this.link.adopted(), this.receiver.capacity()));
		this.stage = Stage.SUCCEEDING;
		this.state.moveFrom(RestartPhase.INHERITING, RestartPhase.SUCCEEDING);
	}

	private void openGates() {
		this.listeners.openGates();
		LastResort.attempt("Setting the length of the queues", this.listeners::claimQueues);
	}

	void patienceOver() {
		LastResort.attempt("Saying that the predecessor does not answer",
				() -> logger.warn(named() + " did not respond within " + this.settings.handoverTimeout().toMillis()
						+ " ms after this process became ready. Serving alongside it"));
		takeOver();
	}

	/**
	 * From now on, no other process accepts.
	 */
	private void relieved(Duration probation) {
		this.state.onProbationUntil(System.nanoTime() + probation.toNanos());
		logger.info("Serving as generation " + this.state.generation() + ". " + named() + " is draining"
				+ (probation.isZero() ? "" : " and can roll back for " + probation.toMillis() + " ms"));
	}

	private void reported(Report last) {
		this.predecessor = Predecessor.LEAVING;
		this.report.received(last.entries());
		// It cannot roll back any more
		this.listeners.serveAlone();
		this.predecessorEnd.begin(this.report.endsWithin(this.settings.shutdownTimeout()));
	}

	private void cancelled(String reason) {
		this.predecessor = Predecessor.GIVING_UP;
		this.predecessorEnd.end();
		if (!this.stage.isBeforeTakeover()) {
			this.retreat.begin();
		}
		logger.warn(named() + " cancelled the restart: " + reason + ". This process will be terminated");
	}

	void misunderstood(String reason) {
		String said = "this process violated the control protocol: " + reason;
		this.link.send((this.stage == Stage.SUCCEEDING) ? new TakeBack(said) : new Failed(said, ""));
		this.link.close();
		cutOff();
	}

	void cutOff() {
		if (this.predecessor == Predecessor.PRESENT) {
			this.predecessor = Predecessor.CUT_OFF;
		}
	}

	void gone() {
		this.predecessor = Predecessor.GONE;
		this.predecessorEnd.end();
		if (!this.link.flag().dryRun()) {
			LastResort.attempt("Accepting as the only process", this.listeners::serveAlone);
		}
		if (isOver()) {
			return;
		}
		if (this.link.flag().dryRun()) {
			this.departure.endDryRun(named());
		}
		else if (this.stage == Stage.SUCCEEDING) {
			serveAlone();
		}
		else if (this.stage == Stage.AWAITING_PROCEED) {
			serveOrphaned();
		}
		else if (this.stage == Stage.UNFIT) {
			expectToServe();
			serveOrphaned();
		}
		else {
			logger.warn(named() + " exited before the handover. This process will serve as soon as it is ready");
		}
	}

	/**
	 * The predecessor cannot be killed, and no longer serves.
	 */
	private void goOnWithoutEnd() {
		this.link.events().add(new Gone());
		this.link.presumeGone();
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
		this.stage = Stage.SUCCEEDING;
		LastResort.attempt("Beginning to serve",
				() -> this.state.moveFrom(RestartPhase.INHERITING, RestartPhase.SUCCEEDING));
		LastResort.attempt("Saying that this process serves", () -> logger
			.warn("Serving as generation " + this.state.generation() + ". " + named() + " died during the restart"));
		serveAlone();
	}

	/**
	 * Each step runs, even if another one fails, because this JVM would be on probation
	 * for ever otherwise.
	 */
	private void serveAlone() {
		LastResort.attempt("Accepting again", this.retreat::cancel);
		LastResort.attempt("Closing the control connection", this.link::close);
		LastResort.attempt("Closing what was prepared for connections", this.receiver::close);
		// First, because an operator who has read the next line may request the report
		LastResort.attempt("Keeping the report of a restart", () -> this.state.keep(this.report.read()));
		LastResort.attempt("Saying that this process serves alone",
				() -> logger.info(named() + " has exited. Generation " + this.state.generation() + " serves alone"));
		this.state.predecessorGone();
		this.stage = Stage.SERVING;
		LastResort.attempt("Ending probation",
				() -> this.state.moveFrom(RestartPhase.SUCCEEDING, RestartPhase.SERVING));
		LastResort.attempt("Telling that the predecessor is gone",
				() -> this.state.publish(new PredecessorGoneEvent(this.state)));
		LastResort.attempt("Reporting a restart", () -> {
			RestartReport last = this.report.read();
			ApplicationJars.ofThisJvm().startedFrom(last.launched());
			this.state.ended(last);
		});
	}

	private String named() {
		return "Predecessor (pid " + this.link.flag().predecessorPid() + ")";
	}

}
