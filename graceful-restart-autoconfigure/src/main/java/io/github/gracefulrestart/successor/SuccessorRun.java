package io.github.gracefulrestart.successor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.state.Departure;
import io.github.gracefulrestart.state.EventQueue;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;
import io.github.gracefulrestart.state.Threads;
import io.github.gracefulrestart.successor.PredecessorEvent.ApplicationReady;
import io.github.gracefulrestart.successor.PredecessorEvent.ApplicationUnfit;
import io.github.gracefulrestart.successor.PredecessorEvent.Closing;
import io.github.gracefulrestart.successor.PredecessorEvent.CutOff;
import io.github.gracefulrestart.successor.PredecessorEvent.Gone;
import io.github.gracefulrestart.successor.PredecessorEvent.Misunderstood;
import io.github.gracefulrestart.successor.PredecessorEvent.PatienceOver;
import io.github.gracefulrestart.successor.PredecessorEvent.Said;
import io.github.gracefulrestart.successor.PredecessorEvent.Wanted;

/**
 * A restart, seen from the JVM that was launched for it: until its predecessor is gone.
 * Runs on one thread; what happens elsewhere arrives there as an event. No code of the
 * application is called on that thread, but for where the log goes.
 */
public final class SuccessorRun implements Runnable {

	private final RestartState state;

	private final PredecessorLink link;

	private final EventQueue<PredecessorEvent> events;

	private final Succession succession;

	private final CompletableFuture<Void> over = new CompletableFuture<>();

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
		this.state = state;
		this.link = link;
		this.events = link.events();
		this.succession = new Succession(state, link, listeners, hosts, settings, departure);
	}

	/**
	 * Begin to follow the predecessor, on a thread of its own.
	 */
	public void begin() {
		this.link.follow();
		Threads.startDaemon("graceful-restart", this);
	}

	@Override
	public void run() {
		try {
			while (!this.succession.isOver()) {
				follow(next());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.over.complete(null);
		}
	}

	private PredecessorEvent next() throws InterruptedException {
		if (!this.succession.isAwaitingAnswer()) {
			return this.events.take();
		}
		PredecessorEvent event = this.events.poll(this.succession.patience());
		return (event != null) ? event : new PatienceOver();
	}

	/**
	 * Follow an event. Never fails, or nothing that comes after it would be followed.
	 * @param event what has happened
	 */
	void follow(PredecessorEvent event) {
		if (event instanceof Wanted wanted) {
			doWhatIsWanted(wanted);
			return;
		}
		try {
			if (event instanceof Said said) {
				this.succession.received(said.received());
			}
			else if (event instanceof Misunderstood misunderstood) {
				this.succession.misunderstood(misunderstood.reason());
			}
			else if (event instanceof CutOff) {
				this.succession.cutOff();
			}
			else if (event instanceof Gone) {
				this.succession.gone();
			}
			else {
				this.succession.patienceOver();
			}
		}
		catch (RuntimeException | Error ex) {
			LastResort.log(event + " cannot be followed", ex);
			LastResort.attempt("Giving up this restart", () -> giveUp(event, ex));
		}
	}

	private void doWhatIsWanted(Wanted wanted) {
		try {
			if (wanted instanceof Closing close) {
				this.succession.close(close.wanted());
			}
			else if (wanted instanceof ApplicationUnfit unfit) {
				this.succession.applicationUnfit(unfit.reason());
			}
			else {
				this.succession.applicationReady();
			}
			wanted.done().complete(null);
		}
		catch (RuntimeException | Error ex) {
			// It is for the application to say so
			wanted.done().completeExceptionally(ex);
		}
	}

	private void giveUp(PredecessorEvent event, Throwable failure) {
		if (event instanceof Said said) {
			said.received().discard();
		}
		if (!(event instanceof Gone)) {
			this.succession.misunderstood(event + " cannot be followed: " + failure);
		}
	}

	// -- what the application wants, on any thread

	/**
	 * The application is ready to serve.
	 */
	public void ready() {
		ask(new ApplicationReady(new CompletableFuture<>()));
	}

	/**
	 * The application has started, but must not serve. The predecessor goes on to; if it
	 * is gone, this JVM serves nevertheless.
	 * @param reason one sentence
	 */
	public void unfit(String reason) {
		ask(new ApplicationUnfit(reason, new CompletableFuture<>()));
	}

	/**
	 * This JVM is told to stop, and others will hear of it later. If its predecessor can
	 * still serve, it is asked to, and this JVM stops to accept.
	 * @param wanted whether the application was asked to shut down, and not just this
	 * process to end
	 */
	public void stop(boolean wanted) {
		beginToClose();
		ask(new Closing(wanted, new CompletableFuture<>()));
	}

	/**
	 * From now on this JVM does not take over any more. May be called some time before
	 * {@link #stop}, and does not wait for a takeover under way.
	 */
	public void beginToClose() {
		this.succession.takeOverNoMore();
	}

	/**
	 * Return when it has been done, or when nobody is there any more for whom it could be
	 * done.
	 */
	private void ask(Wanted wanted) {
		this.events.add(wanted);
		try {
			CompletableFuture.anyOf(wanted.done(), this.over).join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof Error error) {
				throw error;
			}
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	/**
	 * Wait until what this JVM has accepted is finished.
	 */
	public void awaitFinished() {
		this.succession.awaitFinished();
	}

	/**
	 * Ask the predecessor to roll back.
	 * @param reason why
	 * @return whether it could be asked
	 */
	public boolean rollBack(String reason) {
		return this.state.phase() == RestartPhase.SUCCEEDING && this.link.send(new TakeBack(reason));
	}

}
