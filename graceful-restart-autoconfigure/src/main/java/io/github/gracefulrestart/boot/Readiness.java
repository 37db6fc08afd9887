package io.github.gracefulrestart.boot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * Whether an application is ready for traffic, and what it waits for. It is ready when
 * its context has been refreshed and its readiness state is ACCEPTING_TRAFFIC. Spring
 * Boot publishes that state when all runners have returned; an application with a runner
 * that never returns may publish it itself.
 */
final class Readiness {

	private static final int MINUTES_AS_SECONDS = 120;

	private final ConfigurableApplicationContext context;

	private long refreshedAt;

	private boolean refreshed;

	private boolean runnersDone;

	private boolean acceptsTraffic;

	private boolean told;

	Readiness(ConfigurableApplicationContext context) {
		this.context = context;
	}

	synchronized void refreshed() {
		this.refreshed = true;
		this.refreshedAt = System.nanoTime();
	}

	synchronized void runnersDone() {
		this.runnersDone = true;
	}

	synchronized void acceptsTraffic(boolean accepts) {
		this.acceptsTraffic = accepts;
	}

	/**
	 * Return whether the application is ready, once.
	 */
	synchronized boolean hasBecomeReady() {
		boolean first = this.refreshed && this.acceptsTraffic && !this.told;
		this.told |= first;
		return first;
	}

	/**
	 * Return what an application that is not ready waits for.
	 * @return the reason, or {@code null} if it is ready
	 */
	@Nullable String missing() {
		Duration since;
		synchronized (this) {
			if (this.told) {
				return null;
			}
			if (!this.refreshed) {
				return "its application context has not been refreshed yet";
			}
			if (this.runnersDone) {
				return "its readiness state is REFUSING_TRAFFIC";
			}
			since = Duration.ofNanos(System.nanoTime() - this.refreshedAt);
		}
		String runner = UnfinishedRunner.find(this.context);
		return (runner != null) ? runner + " has not returned for " + describe(since)
				: "its ApplicationReadyEvent has not come for " + describe(since);
	}

	/**
	 * Return a duration in the largest unit of which it has at least two, or in seconds.
	 */
	static String describe(Duration duration) {
		if (duration.toSeconds() < MINUTES_AS_SECONDS) {
			return duration.toSeconds() + " s";
		}
		if (duration.toHours() < 2) {
			return duration.toMinutes() + " min";
		}
		return (duration.toDays() < 2) ? duration.toHours() + " h" : duration.toDays() + " d";
	}

}
