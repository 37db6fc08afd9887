package io.github.gracefulrestart.sample;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartPhaseEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Lets a request last until this process has handed over, however long its successor
 * takes to start.
 */
@Component
class HandoverSwitch {

	private static final long DRAINING_MS = 1000;

	private final CompletableFuture<Void> past = new CompletableFuture<>();

	@EventListener
	void onPhase(RestartPhaseEvent event) {
		if (event.getPhase() == RestartPhase.DRAINING) {
			CompletableFuture.delayedExecutor(DRAINING_MS, TimeUnit.MILLISECONDS)
				.execute(() -> this.past.complete(null));
		}
	}

	/**
	 * Returns what is complete when this process has been draining for a second.
	 */
	CompletableFuture<Void> past() {
		return this.past;
	}

}
