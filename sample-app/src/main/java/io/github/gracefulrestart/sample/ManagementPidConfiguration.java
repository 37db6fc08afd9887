package io.github.gracefulrestart.sample;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.context.annotation.Bean;

/**
 * Repeats the filter for a management server on a port of its own, which is a context of
 * its own.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementPidConfiguration {

	@Bean
	PidFilter managementPidFilter() {
		return new PidFilter();
	}

}
