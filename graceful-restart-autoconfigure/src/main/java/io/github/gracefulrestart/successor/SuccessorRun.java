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
 * A restart in the JVM that was launched for it, until its predecessor is gone. Runs on
 * one thread; everything that happens elsewhere reaches it as an event. No code of the
 * application is called on that thread, except for log appenders.
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
	 * Begin, on a thread of its own.
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
	 * Handle an event. Never fails, because later events would not be handled otherwise.
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
			// The application decides when it stops
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
	 * The application has started, but must not serve. The predecessor continues to
	 * serve; if it is gone, this JVM serves nevertheless.
	 * @param reason one sentence
	 */
	public void unfit(String reason) {
		ask(new ApplicationUnfit(reason, new CompletableFuture<>()));
	}

	/**
	 * This JVM is told to stop; other listeners are told later. If its predecessor can
	 * still serve, it is asked to, and this JVM stops accepting.
	 * @param wanted whether the application was asked to shut down, and not only this
	 * process to exit
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
	 * Return when the request has been carried out, or when it no longer matters because
	 * the predecessor is gone.
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
	 * Wait until this JVM has completed the requests that it has accepted.
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
