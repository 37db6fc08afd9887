package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.boot.GracefulRestartProperties;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.host.WebServerSettings;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.tomcat.RestartableTomcatCustomizer;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.annotation.Bean;

/**
 * Makes the web server of a separate management port restartable too. It lives in a child
 * context, which customizers of the main context do not reach.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnBooleanProperty(GracefulRestartProperties.PREFIX + ".enabled")
@ConditionalOnClass(TomcatWebServerFactory.class)
public final class GracefulRestartManagementConfiguration {

	@Bean
	RestartableTomcatCustomizer gracefulRestartManagementTomcatCustomizer(Listeners listeners, ListenerHosts hosts,
			WebServerSettings settings) {
		return new RestartableTomcatCustomizer("management", listeners, hosts, settings);
	}

}
