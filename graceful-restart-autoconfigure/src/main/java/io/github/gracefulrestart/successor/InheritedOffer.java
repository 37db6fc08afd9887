package io.github.gracefulrestart.successor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.listener.InheritedListeners;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.state.Ticker;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets that a predecessor offers to this JVM: those of WELCOME, or those
 * of its launch if WELCOME does not arrive.
 */
final class InheritedOffer implements InheritedListeners {

	private static final Log logger = LogFactory.getLog(PredecessorLink.class);

	/** How long to wait for WELCOME if there are no spare listeners. */
	private static final Duration HANDOVER_PATIENCE = Duration.ofSeconds(30);

	/** How long to wait for WELCOME if there are spare listeners. */
	private static final Duration SPARE_PATIENCE = Duration.ofSeconds(10);

	private final long predecessorPid;

	private final Map<ListenerKey, Descriptor> offered = new LinkedHashMap<>();

	private final List<ListenerKey> adopted = new ArrayList<>();

	private final Map<ListenerKey, Descriptor> spares = new LinkedHashMap<>();

	private final CompletableFuture<Void> made = new CompletableFuture<>();

	InheritedOffer(long predecessorPid) {
		this.predecessorPid = predecessorPid;
	}

	/**
	 * Keep the listeners of the launch, in case WELCOME does not arrive.
	 */
	synchronized void keepSpare(Map<ListenerKey, Descriptor> listeners) {
		this.spares.putAll(listeners);
	}

	/**
	 * Make the offer.
	 * @param welcome the offered listeners
	 * @param descriptors a descriptor for each, which now belong to this object
	 */
	synchronized void make(Welcome welcome, List<Descriptor> descriptors) {
		if (this.made.isDone()) {
			// Too late: the spare ones are in use
			descriptors.forEach(Descriptor::close);
			return;
		}
		this.spares.values().forEach(Descriptor::close);
		this.spares.clear();
		for (int i = 0; i < welcome.listeners().size(); i++) {
			Descriptor twin = this.offered.put(welcome.listeners().get(i), descriptors.get(i));
			if (twin != null) {
				twin.close();
			}
		}
		this.made.complete(null);
	}

	/**
	 * Make the offer without WELCOME.
	 * @return whether there was something to offer. If not, no offer was made
	 */
	synchronized boolean makeOfSpares() {
		boolean some = !this.spares.isEmpty();
		this.offered.putAll(this.spares);
		this.spares.clear();
		return some && this.made.complete(null);
	}

	/**
	 * Offer nothing, so that new listeners are bound.
	 */
	void makeEmpty() {
		this.made.complete(null);
	}

	/**
	 * Offer nothing, because the predecessor still has the listeners.
	 * @param failure why
	 */
	void refuse(Throwable failure) {
		this.made.completeExceptionally(failure);
	}

	/**
	 * Return whether the offer was made, or refused.
	 */
	boolean isDone() {
		return this.made.isDone();
	}

	@Override
	public @Nullable Descriptor take(ListenerKey key) throws IOException {
		await();
		return find(key);
	}

	private synchronized @Nullable Descriptor find(ListenerKey key) {
		Iterator<Map.Entry<ListenerKey, Descriptor>> candidates = this.offered.entrySet().iterator();
		while (candidates.hasNext()) {
			Map.Entry<ListenerKey, Descriptor> candidate = candidates.next();
			ListenerKey offer = candidate.getKey();
			if (key.accepts(offer)) {
				candidates.remove();
				this.adopted.add(offer);
				return candidate.getValue();
			}
		}
		return null;
	}

	private void await() throws IOException {
		try {
			if (!isMadeWithin(SPARE_PATIENCE)) {
				if (makeOfSpares()) {
					logger.warn("Predecessor (pid " + this.predecessorPid + ") has not handed over within "
							+ SPARE_PATIENCE.toSeconds()
							+ " s. Continuing with the listeners that this process received at its launch");
				}
				else if (!isMadeWithin(HANDOVER_PATIENCE.minus(SPARE_PATIENCE))) {
					throw new IOException("the predecessor (pid " + this.predecessorPid + ") did not hand over within "
							+ HANDOVER_PATIENCE.toSeconds() + " s");
				}
			}
			this.made.get();
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			throw new IOException(
					"the predecessor (pid " + this.predecessorPid + ") did not hand over: " + cause.getMessage(),
					cause);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("interrupted while waiting for the predecessor", ex);
		}
	}

	private boolean isMadeWithin(Duration patience) throws InterruptedException {
		return new Ticker().await(this.made, patience);
	}

	/**
	 * Return which listeners of the predecessor are in use here.
	 */
	synchronized List<ListenerKey> adopted() {
		return List.copyOf(this.adopted);
	}

	/**
	 * Close the listeners that the new configuration does not have.
	 */
	synchronized void closeUnwanted() {
		this.offered.values().forEach(Descriptor::close);
		this.offered.clear();
	}

}
