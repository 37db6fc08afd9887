package io.github.gracefulrestart.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.gracefulrestart.RestartStatus;
import io.github.gracefulrestart.Restarter;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Adds the generation of this process to the info endpoint.
 */
public class GenerationInfoContributor implements InfoContributor {

	private final Restarter restarter;

	/**
	 * Create the contributor.
	 * @param restarter the restarter
	 */
	public GenerationInfoContributor(Restarter restarter) {
		this.restarter = restarter;
	}

	@Override
	public void contribute(Info.Builder builder) {
		RestartStatus status = this.restarter.status();
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("generation", status.generation());
		details.put("pid", status.pid());
		details.put("state", status.phase().label());
		builder.withDetail("gracefulRestart", details);
	}

}
