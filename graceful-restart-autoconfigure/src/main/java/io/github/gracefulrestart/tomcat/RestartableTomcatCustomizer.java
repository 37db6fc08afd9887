package io.github.gracefulrestart.tomcat;

import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.host.WebServerSettings;
import io.github.gracefulrestart.listener.Listeners;
import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.Service;
import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Makes sure that every connector of a Tomcat web server can be handed over. Connectors
 * that the application adds are replaced by restartable ones with the same settings. The
 * log says so, because a reference to the original has no effect then. A connector that
 * cannot be replaced is reported as an obstacle.
 */
public final class RestartableTomcatCustomizer implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

	private static final Log logger = LogFactory.getLog(RestartableTomcatCustomizer.class);

	private final String role;

	private final Listeners listeners;

	private final ListenerHosts hosts;

	private final WebServerSettings settings;

	/**
	 * Create a customizer for one web server.
	 * @param role the name of its first listener, such as {@code server}
	 * @param listeners opens listeners
	 * @param hosts the hosts to which the connectors are added
	 * @param settings the settings of the application
	 */
	public RestartableTomcatCustomizer(String role, Listeners listeners, ListenerHosts hosts,
			WebServerSettings settings) {
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
		RestartableProtocolCustomizer.use(factory);
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
			prepare(service, connector, name(connector, index), requests);
		}
	}

	private void prepare(Service service, Connector connector, String name, RequestActivity requests) {
		Connector restartable = ConnectorConversion.toRestartable(service, connector);
		if (restartable != connector) {
			logger.warn("Connector " + name + " was created with Tomcat's own protocol and has been replaced by one "
					+ "with the same settings that can be handed over. Calls to the original connector have no effect, "
					+ "reloadSslHostConfigs() and pause() for example. If the application keeps a reference to it, "
					+ "create it in a WebServerFactoryCustomizer with "
					+ "new Connector(factory.getProtocol()), or anywhere with new Connector(\""
					+ RestartableHttp11NioProtocol.class.getName() + "\")");
		}
		if (!(restartable.getProtocolHandler() instanceof RestartableHttp11NioProtocol protocol)) {
			this.hosts.addObstacle("connector " + name + " uses " + kind(connector)
					+ ", which cannot be handed over; use " + TomcatWebServerFactory.DEFAULT_PROTOCOL);
		}
		else if (protocol.endpoint().getUseInheritedChannel()) {
			this.hosts.addObstacle("connector " + name + " takes its socket from the process that started this one "
					+ "(useInheritedChannel), as descriptor 0, where a successor has another one; bind an address instead");
		}
		else {
			protocol.endpoint()
				.useListeners(this.listeners, name,
						(opened) -> this.hosts.add(new TomcatListenerHost(opened, protocol, requests, this.settings)));
		}
	}

	private static String kind(Connector connector) {
		return (connector.getClass() != Connector.class) ? connector.getClass().getName()
				: connector.getProtocolHandlerClassName();
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
