package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.boot.GracefulRestartProperties;
import io.github.gracefulrestart.boot.Settings;
import io.github.gracefulrestart.engine.Lineage;
import io.github.gracefulrestart.engine.RestartEngine;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.host.WebServerSettings;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.tomcat.RestartableProtocolCustomizer;
import io.github.gracefulrestart.tomcat.RestartableTomcatCustomizer;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for the listeners of Tomcat.
 */
@AutoConfiguration(after = GracefulRestartAutoConfiguration.class)
@ConditionalOnClass(TomcatWebServerFactory.class)
@ConditionalOnBean(RestartEngine.class)
public final class GracefulRestartTomcatAutoConfiguration {

	@Bean
	WebServerSettings gracefulRestartWebServerSettings(GracefulRestartProperties properties, Lineage lineage) {
		return Settings.webServer(properties, lineage.generation());
	}

	@Bean
	RestartableProtocolCustomizer gracefulRestartProtocolCustomizer() {
		return new RestartableProtocolCustomizer();
	}

	@Bean
	RestartableTomcatCustomizer gracefulRestartTomcatCustomizer(Listeners listeners, ListenerHosts hosts,
			WebServerSettings settings) {
		return new RestartableTomcatCustomizer("server", listeners, hosts, settings);
	}

}
