package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.actuate.GenerationInfoContributor;
import io.github.gracefulrestart.actuate.ReloadDescriptor.SupervisorDescriptor;
import io.github.gracefulrestart.actuate.ReloadEndpoint;
import io.github.gracefulrestart.actuate.ReloadQueryAdvisor;
import io.github.gracefulrestart.boot.ReloadEndpointProperties;
import io.github.gracefulrestart.engine.RestartEngine;
import io.github.gracefulrestart.supervisor.Supervision;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the endpoint that shows and triggers restarts, and of the info
 * contributor.
 */
@AutoConfiguration(after = GracefulRestartAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(RestartEngine.class)
@EnableConfigurationProperties(ReloadEndpointProperties.class)
public final class GracefulRestartActuatorAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	ReloadEndpoint reloadEndpoint(Restarter restarter, ObjectProvider<WebEndpointProperties> web,
			ReloadEndpointProperties reload, ObjectProvider<Supervision> supervision) {
		Supervision by = supervision.getIfAvailable();
		return ReloadEndpoint.of(restarter, web.getIfAvailable(WebEndpointProperties::new), reload.getShowValues(),
				reload.getRoles(), (by != null) ? new SupervisorDescriptor(by.kind().label(), by.by()) : null);
	}

	/**
	 * Static, and with the endpoint looked up lazily, because the discovery of endpoints
	 * needs their advisors first.
	 */
	@Bean
	@ConditionalOnAvailableEndpoint(endpoint = ReloadEndpoint.class)
	static ReloadQueryAdvisor gracefulRestartReloadQueryAdvisor(ObjectProvider<ReloadEndpoint> endpoint) {
		return new ReloadQueryAdvisor(endpoint::getObject);
	}

	@Bean
	@ConditionalOnClass(InfoContributor.class)
	GenerationInfoContributor gracefulRestartInfoContributor(Restarter restarter) {
		return new GenerationInfoContributor(restarter);
	}

}
