package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.engine.RestartEngine;
import io.github.gracefulrestart.supervisor.OomScoreParticipant;
import io.github.gracefulrestart.supervisor.Supervision;
import io.github.gracefulrestart.supervisor.SupervisorCheck;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for the supervisor that has started this process.
 */
@AutoConfiguration(after = GracefulRestartAutoConfiguration.class)
@ConditionalOnBean(RestartEngine.class)
public final class GracefulRestartSupervisorAutoConfiguration {

	@Bean
	Supervision gracefulRestartSupervision(Environment environment) {
		return Supervision.of(environment);
	}

	@Bean
	SupervisorCheck gracefulRestartSupervisorCheck(Supervision supervision, ListableBeanFactory beans) {
		return new SupervisorCheck(supervision, beans);
	}

	@Bean
	OomScoreParticipant gracefulRestartOomScoreParticipant(Supervision supervision) {
		return new OomScoreParticipant(supervision);
	}

}
