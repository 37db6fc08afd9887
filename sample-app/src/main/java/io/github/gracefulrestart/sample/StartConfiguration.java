package io.github.gracefulrestart.sample;

import java.util.concurrent.CountDownLatch;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * The ways in which a start goes wrong, or takes long, and an end too. Runners come after
 * the web server has started and before the application accepts traffic.
 */
@Configuration(proxyBeanMethods = false)
class StartConfiguration {

	@Bean
	@ConditionalOnBooleanProperty("sample.fail-start")
	InitializingBean failStart() {
		return () -> {
			throw new IllegalStateException("Start failed because 'sample.fail-start' is set");
		};
	}

	@Bean
	@Order(1)
	ApplicationRunner startDelay(SampleProperties properties) {
		return (args) -> Thread.sleep(properties.startDelay().toMillis());
	}

	@Bean
	DisposableBean stopDelay(SampleProperties properties) {
		return () -> Thread.sleep(properties.stopDelay().toMillis());
	}

	@Bean
	@Order(2)
	@ConditionalOnProperty("sample.exit-start")
	ApplicationRunner exitStart(SampleProperties properties) {
		return (args) -> {
			Integer code = properties.exitStart();
			System.exit((code != null) ? code : 1);
		};
	}

	@Bean
	@Order(3)
	@ConditionalOnBooleanProperty("sample.hang-start")
	ApplicationRunner hangStart() {
		return (args) -> new CountDownLatch(1).await();
	}

}
