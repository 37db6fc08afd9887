package io.github.gracefulrestart.engine;

import java.time.Duration;
import java.time.Instant;

import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.Participants;
import io.github.gracefulrestart.successor.SuccessorRun;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * What happens between the moment in which an application is ready and that in which this
 * JVM says so.
 */
final class WarmUp {

	private static final Duration MARGIN = Duration.ofSeconds(2);

	private final ConfigurableApplicationContext context;

	private final Participants participants;

	private final Duration participantTimeout;

	private final Duration startupTimeout;

	/**
	 * Create a warm-up.
	 * @param context where the participants are
	 * @param participants joined by them
	 * @param participantTimeout how long each of them may take each time
	 * @param startupTimeout time allowed for a successor to become ready
	 */
	WarmUp(ConfigurableApplicationContext context, Participants participants, Duration participantTimeout,
			Duration startupTimeout) {
		this.context = context;
		this.participants = participants;
		this.participantTimeout = participantTimeout;
		this.startupTimeout = startupTimeout;
	}

	/**
	 * Let the participants join. Never fails.
	 * @return why they could not, or {@code null} if they have
	 */
	@Nullable String join() {
		try {
			this.participants.join(ContextParticipants.of(this.context), this.participantTimeout);
			return null;
		}
		catch (Throwable ex) {
			LastResort.log("The participants of restarts could not be created. Restarts do without them", ex);
			return "the participants of restarts could not be created: " + ex.getMessage();
		}
	}

	/**
	 * Warm up, and say that this process is ready, or that it must not serve.
	 * @param successor says so
	 * @param obstacle why this process must not serve, or {@code null} if nothing is
	 * known
	 */
	void before(SuccessorRun successor, @Nullable String obstacle) {
		String reason = (obstacle != null) ? obstacle : this.participants.warmUp(patience());
		if (reason == null) {
			successor.ready();
		}
		else {
			successor.unfit(reason);
		}
	}

	/**
	 * Return how much time there is, so that the reason can be told before the
	 * predecessor loses patience.
	 */
	private Duration patience() {
		Duration age = ProcessHandle.current()
			.info()
			.startInstant()
			.map((start) -> Duration.between(start, Instant.now()))
			.orElse(Duration.ZERO);
		Duration tenth = this.startupTimeout.dividedBy(10);
		Duration margin = (tenth.compareTo(MARGIN) < 0) ? tenth : MARGIN;
		Duration left = this.startupTimeout.minus(margin).minus(age);
		return (left.compareTo(margin) > 0) ? left : margin;
	}

}
