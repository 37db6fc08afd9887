package io.github.gracefulrestart.sample;

import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11Nio2Protocol;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.util.Assert;

/**
 * Connectors beside the one that Spring Boot configures. They use the factory's protocol,
 * whatever it has become by then: these customizers have no order, so they come last.
 */
@Configuration(proxyBeanMethods = false)
class ConnectorConfiguration {

	@Bean
	@Profile("extra-connector")
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> extraConnector(SampleProperties properties) {
		Integer port = properties.extraPort();
		Assert.state(port != null, "The profile 'extra-connector' needs the property 'sample.extra-port'");
		return (factory) -> {
			Connector connector = new Connector(factory.getProtocol());
			connector.setPort(port);
			connector.setProperty("address", "127.0.0.1");
			factory.addAdditionalConnectors(connector);
		};
	}

	/** As an application does that has never heard of restarts. */
	@Bean
	@Profile("plain-connector")
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> plainConnector(SampleProperties properties) {
		Integer port = properties.plainPort();
		Assert.state(port != null, "The profile 'plain-connector' needs the property 'sample.plain-port'");
		return (factory) -> {
			Connector connector = new Connector();
			connector.setPort(port);
			connector.setProperty("address", "127.0.0.1");
			factory.addAdditionalConnectors(connector);
		};
	}

	/** One that no restart can hand over. */
	@Bean
	@Profile("nio2-connector")
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> nio2Connector() {
		return (factory) -> {
			Connector connector = new Connector(new Http11Nio2Protocol());
			connector.setPort(0);
			connector.setProperty("address", "127.0.0.1");
			factory.addAdditionalConnectors(connector);
		};
	}

	@Bean
	@Profile("unix-socket")
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> unixSocketConnector(SampleProperties properties) {
		String path = properties.unixSocket();
		Assert.state(path != null, "The profile 'unix-socket' needs the property 'sample.unix-socket'");
		return (factory) -> {
			Connector connector = new Connector(factory.getProtocol());
			connector.setProperty("unixDomainSocketPath", path);
			connector.setProperty("acceptCount", String.valueOf(properties.unixSocketQueue()));
			factory.addAdditionalConnectors(connector);
		};
	}

}
