package io.github.gracefulrestart.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

import io.github.gracefulrestart.restart.RestartPhase;
import io.github.gracefulrestart.restart.RestartPhaseEvent;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Holds a handover between the moment in which the successor is ready and the one in
 * which it may serve.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("sample.hold-handover")
class HandoverConfiguration {

	private static final long A_MOMENT = 10_000_000;

	@Bean
	ApplicationListener<RestartPhaseEvent> holdHandover(SampleProperties properties) {
		Path release = properties.holdHandover();
		return (event) -> {
			while (event.getPhase() == RestartPhase.HANDING_OVER && release != null && !Files.exists(release)) {
				LockSupport.parkNanos(A_MOMENT);
			}
		};
	}

}
