package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.SuccessorCheck;
import io.github.gracefulrestart.actuate.HealthGroupCheck;
import io.github.gracefulrestart.boot.GracefulRestartProperties;
import io.github.gracefulrestart.boot.PropertyChecks;
import io.github.gracefulrestart.engine.RestartEngine;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the health check of a successor on probation.
 */
@AutoConfiguration(after = GracefulRestartAutoConfiguration.class)
@ConditionalOnBean(RestartEngine.class)
@ConditionalOnProperty(GracefulRestartProperties.PREFIX + ".health-check.group")
public final class GracefulRestartHealthAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HealthEndpoint.class)
	static class HealthConfiguration {

		@Bean
		HealthGroupCheck gracefulRestartHealthGroupCheck(GracefulRestartProperties properties,
				ObjectProvider<HealthEndpoint> health) {
			String group = String.valueOf(properties.getHealthCheck().getGroup());
			HealthEndpoint endpoint = health.getIfAvailable();
			if (endpoint == null) {
				throw PropertyChecks.noHealthEndpoint(group);
			}
			return new HealthGroupCheck(endpoint, group);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("org.springframework.boot.health.actuate.endpoint.HealthEndpoint")
	static class NoHealthConfiguration {

		@Bean
		SuccessorCheck gracefulRestartNoHealthCheck(GracefulRestartProperties properties) {
			throw PropertyChecks.noHealthEndpoint(String.valueOf(properties.getHealthCheck().getGroup()));
		}

	}

}
