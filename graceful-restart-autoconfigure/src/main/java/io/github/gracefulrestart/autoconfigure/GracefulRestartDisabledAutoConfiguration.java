package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.boot.GracefulRestartProperties;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of a {@link Restarter} that refuses, so that an application with one
 * injected starts where restarts are disabled as well.
 */
@AutoConfiguration(after = GracefulRestartAutoConfiguration.class)
@ConditionalOnMissingBean(Restarter.class)
public final class GracefulRestartDisabledAutoConfiguration {

	@Bean
	Restarter gracefulRestarter() {
		return Restarter.unavailable("graceful restarts are disabled. Set " + GracefulRestartProperties.PREFIX
				+ ".enabled=true and start the service again to use them");
	}

}
