package io.github.gracefulrestart.actuate;

import io.github.gracefulrestart.SuccessorCheck;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;

/**
 * Lets a successor continue to serve while a group of Actuator's health endpoint is up.
 * It calls the endpoint within the process: a request over the network could reach either
 * of the two processes that share a listening socket.
 */
public class HealthGroupCheck implements SuccessorCheck {

	private final HealthEndpoint endpoint;

	private final String group;

	/**
	 * Create a check.
	 * @param endpoint the health endpoint
	 * @param group the name of a group or of a single contributor
	 */
	public HealthGroupCheck(HealthEndpoint endpoint, String group) {
		this.endpoint = endpoint;
		this.group = group;
	}

	@Override
	public @Nullable String problem() {
		HealthDescriptor health = this.endpoint.healthForPath(this.group);
		if (health == null) {
			return "there is no health group '" + this.group + "', which graceful.restart.health-check.group names";
		}
		Status status = health.getStatus();
		return Status.UP.equals(status) ? null : "health group '" + this.group + "' is " + status;
	}

}
