package io.github.gracefulrestart.tomcat;

import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.restart.ListenerHosts;
import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.Service;
import org.apache.catalina.connector.Connector;

import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Makes every connector of a Tomcat web server one that can be handed over. Connectors
 * that the application adds are replaced by restartable ones with the same settings; one
 * that cannot be is reported as an obstacle.
 *
 * @since 0.1.0
 */
public final class RestartableTomcatCustomizer implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

	private final String role;

	private final Listeners listeners;

	private final ListenerHosts hosts;

	private final TomcatSettings settings;

	/**
	 * Create a customizer for one web server.
	 * @param role the name of its first listener, such as {@code server}
	 * @param listeners where listeners come from
	 * @param hosts where the connectors are added
	 * @param settings what an application may choose
	 */
	public RestartableTomcatCustomizer(String role, Listeners listeners, ListenerHosts hosts, TomcatSettings settings) {
		this.settings = settings;
		this.role = role;
		this.listeners = listeners;
		this.hosts = hosts;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void customize(TomcatWebServerFactory factory) {
		if (TomcatWebServerFactory.DEFAULT_PROTOCOL.equals(factory.getProtocol())) {
			factory.setProtocol(RestartableHttp11NioProtocol.class.getName());
		}
		// Context customizers run when all connectors have been added, and before any
		// starts
		factory.addContextCustomizers(this::prepareConnectors);
		String header = this.settings.generationHeader();
		if (header != null) {
			factory.addEngineValves(new GenerationHeaderValve(header, this.settings.generation()));
		}
	}

	private void prepareConnectors(Context context) {
		Engine engine = (Engine) context.getParent().getParent();
		Service service = engine.getService();
		RequestActivity requests = new RequestActivity(engine);
		int index = 0;
		for (Connector connector : service.findConnectors()) {
			index++;
			String name = name(connector, index);
			Connector restartable = ConnectorConversion.toRestartable(service, connector);
			if (restartable.getProtocolHandler() instanceof RestartableHttp11NioProtocol protocol) {
				protocol.endpoint().useListeners(this.listeners, name);
				this.hosts.add(new TomcatListenerHost(protocol, requests, this.settings));
			}
			else {
				this.hosts.addObstacle("connector " + name + " uses " + connector.getProtocolHandlerClassName()
						+ ", which cannot be handed over; use " + TomcatWebServerFactory.DEFAULT_PROTOCOL);
			}
		}
	}

	private String name(Connector connector, int index) {
		if (index == 1) {
			return this.role;
		}
		Object path = connector.getProperty("unixDomainSocketPath");
		if (path != null) {
			return path.toString();
		}
		return (connector.getPort() > 0) ? "port " + connector.getPortWithOffset() : this.role + "-" + index;
	}

}
