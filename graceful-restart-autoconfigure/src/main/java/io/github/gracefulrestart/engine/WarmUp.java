package io.github.gracefulrestart.engine;

import java.time.Duration;
import java.time.Instant;

import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.Participants;
import io.github.gracefulrestart.successor.SuccessorRun;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * The work between the moment in which an application is ready and the moment in which
 * this JVM reports it.
 */
final class WarmUp {

	private static final Duration MARGIN = Duration.ofSeconds(2);

	private final ConfigurableApplicationContext context;

	private final Participants participants;

	private final Duration participantTimeout;

	private final Duration startupTimeout;

	/**
	 * Create a warm-up.
	 * @param context the context with the participants
	 * @param participants the participants of this JVM, to which they are added
	 * @param participantTimeout how long each call of a participant may take
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
	 * Add the participants. Never fails.
	 * @return why that was not possible, or {@code null} if it was
	 */
	@Nullable String join() {
		try {
			this.participants.join(ContextParticipants.of(this.context), this.participantTimeout);
			return null;
		}
		catch (Throwable ex) {
			LastResort.log("The participants of restarts could not be created. Restarts continue without them", ex);
			return "the participants of restarts could not be created: " + ex.getMessage();
		}
	}

	/**
	 * Warm up, and report that this process is ready, or that it must not serve.
	 * @param successor the role that reports it
	 * @param obstacle why this process must not serve, or {@code null} if there is no
	 * such reason
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
	 * Return the time for the warm-up, which leaves enough to report a failure before the
	 * predecessor's limit passes.
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
