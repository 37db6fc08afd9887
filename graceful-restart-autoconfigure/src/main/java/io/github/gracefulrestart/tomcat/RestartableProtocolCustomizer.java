package io.github.gracefulrestart.tomcat;

import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Names the restartable protocol before any other customizer is called, so that
 * {@code new Connector(factory.getProtocol())} makes a connector that can be handed over
 * as it is, and that the application may keep.
 */
public final class RestartableProtocolCustomizer
		implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void customize(TomcatWebServerFactory factory) {
		use(factory);
	}

	static void use(TomcatWebServerFactory factory) {
		if (TomcatWebServerFactory.DEFAULT_PROTOCOL.equals(factory.getProtocol())) {
			factory.setProtocol(RestartableHttp11NioProtocol.class.getName());
		}
	}

}
