package io.github.gracefulrestart.boot;

import java.util.HashSet;
import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of the endpoint {@code reload}, named like those of Actuator's own
 * endpoints.
 */
@ConfigurationProperties("management.endpoint.reload")
public class ReloadEndpointProperties {

	/**
	 * When to show the last output of a failed successor, which may contain the values of
	 * properties and anything else that the application writes.
	 */
	private Show showValues = Show.NEVER;

	/**
	 * Roles of the users that are authorized to see the last output of a failed
	 * successor. When empty, all authenticated users are authorized.
	 */
	private final Set<String> roles = new HashSet<>();

	public Show getShowValues() {
		return this.showValues;
	}

	public void setShowValues(Show showValues) {
		this.showValues = showValues;
	}

	public Set<String> getRoles() {
		return this.roles;
	}

}
