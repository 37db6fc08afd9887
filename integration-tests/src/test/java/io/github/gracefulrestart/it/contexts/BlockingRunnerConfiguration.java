package io.github.gracefulrestart.it.contexts;

import java.util.concurrent.CountDownLatch;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A runner that does not return, as that of a consumer or of a server that is waited for.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("it.runner")
class BlockingRunnerConfiguration {

	@Bean
	CommandLineRunner first() {
		return (args) -> {
		};
	}

	@Bean
	CommandLineRunner consumer(ConfigurableApplicationContext context) {
		return (args) -> {
			if ("publishes".equals(context.getEnvironment().getProperty("it.runner"))) {
				AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
			}
			new CountDownLatch(1).await();
		};
	}

}
