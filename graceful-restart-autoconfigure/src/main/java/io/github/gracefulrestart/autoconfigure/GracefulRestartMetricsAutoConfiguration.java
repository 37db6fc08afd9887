package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.actuate.RestartMetrics;
import io.github.gracefulrestart.boot.GracefulRestartProperties;
import io.github.gracefulrestart.engine.Lineage;
import io.github.gracefulrestart.engine.RestartEngine;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration for the meters of restarts.
 */
@AutoConfiguration(after = GracefulRestartAutoConfiguration.class)
@ConditionalOnClass({ MeterRegistry.class, MeterBinder.class })
@ConditionalOnBean(RestartEngine.class)
public final class GracefulRestartMetricsAutoConfiguration {

	@Bean
	RestartMetrics gracefulRestartMetrics(Restarter restarter) {
		return new RestartMetrics(restarter);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistryCustomizer.class)
	static class TagConfiguration {

		@Bean
		@ConditionalOnBooleanProperty(name = GracefulRestartProperties.PREFIX + ".tag-meters", matchIfMissing = true)
		MeterRegistryCustomizer<MeterRegistry> gracefulRestartMeterTag(ObjectProvider<Lineage> lineage) {
			String generation = String.valueOf(lineage.getObject().generation());
			return (registry) -> registry.config().commonTags("generation", generation);
		}

	}

}
