package io.github.gracefulrestart.boot;

import io.github.gracefulrestart.SuccessorCheck;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;

/**
 * Lets a successor continue to serve while its liveness and readiness states allow it.
 */
public class AvailabilityCheck implements SuccessorCheck {

	private final ApplicationAvailability availability;

	public AvailabilityCheck(ApplicationAvailability availability) {
		this.availability = availability;
	}

	@Override
	public @Nullable String problem() {
		if (this.availability.getLivenessState() == LivenessState.BROKEN) {
			return "its liveness state is BROKEN";
		}
		return (this.availability.getReadinessState() == ReadinessState.REFUSING_TRAFFIC)
				? "its readiness state is REFUSING_TRAFFIC" : null;
	}

}
