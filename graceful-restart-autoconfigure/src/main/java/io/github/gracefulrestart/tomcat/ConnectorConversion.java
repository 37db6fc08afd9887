package io.github.gracefulrestart.tomcat;

import java.beans.PropertyDescriptor;
import java.util.Set;

import org.apache.catalina.LifecycleListener;
import org.apache.catalina.Service;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SocketProperties;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;

/**
 * Replaces a connector that an application created with Tomcat's own NIO protocol by one
 * with the restartable protocol and the same settings. A connector's protocol cannot be
 * changed once it exists, and its endpoint cannot be accessed; but all settings that an
 * application can make are visible through public properties.
 */
final class ConnectorConversion {

	/**
	 * Properties that belong to the identity or the life cycle of a connector, not to its
	 * settings.
	 */
	private static final Set<String> NOT_SETTINGS = Set.of("service", "parent", "container", "adapter", "handler",
			"utilityExecutor", "protocolHandler", "domain", "class", "objectName", "state", "SSLEnabled");

	private ConnectorConversion() {
	}

	/**
	 * Return a restartable connector.
	 * @param service the service of the connector, in which the replacement takes its
	 * place
	 * @param connector any connector that has not been started
	 * @return the connector itself if it is restartable already or cannot be converted,
	 * otherwise its replacement
	 */
	static Connector toRestartable(Service service, Connector connector) {
		// Exactly these classes, because the behaviour of a subclass would be lost
		if (connector.getClass() != Connector.class
				|| connector.getProtocolHandler().getClass() != Http11NioProtocol.class) {
			return connector;
		}
		Http11NioProtocol original = (Http11NioProtocol) connector.getProtocolHandler();
		RestartableHttp11NioProtocol protocol = new RestartableHttp11NioProtocol();
		copyBean(original, protocol);
		copyEndpoint(original, protocol);
		for (UpgradeProtocol upgrade : original.findUpgradeProtocols()) {
			protocol.addUpgradeProtocol(upgrade);
		}
		protocol.setSSLEnabled(original.isSSLEnabled());
		for (SSLHostConfig config : original.findSslHostConfigs()) {
			protocol.addSslHostConfig(config);
		}
		Connector replacement = new Connector(protocol);
		copyBean(connector, replacement);
		for (LifecycleListener listener : connector.findLifecycleListeners()) {
			replacement.addLifecycleListener(listener);
		}
		service.removeConnector(connector);
		service.addConnector(replacement);
		return replacement;
	}

	private static void copyBean(Object from, Object to) {
		BeanWrapper source = PropertyAccessorFactory.forBeanPropertyAccess(from);
		BeanWrapper target = PropertyAccessorFactory.forBeanPropertyAccess(to);
		for (PropertyDescriptor property : source.getPropertyDescriptors()) {
			String name = property.getName();
			if (NOT_SETTINGS.contains(name) || !source.isReadableProperty(name) || !target.isWritableProperty(name)) {
				continue;
			}
			Object value = source.getPropertyValue(name);
			if (value != null && !value.equals(target.getPropertyValue(name))) {
				target.setPropertyValue(name, value);
			}
		}
	}

	/**
	 * The endpoint keeps the properties that were set on it by name, as in
	 * {@code connector.setProperty("unixDomainSocketPath", …)}.
	 */
	private static void copyEndpoint(Http11NioProtocol from, Http11NioProtocol to) {
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(NioEndpoint.class)) {
			copyProperty(from, to, property.getName());
		}
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(SocketProperties.class)) {
			copyProperty(from, to, "socket." + property.getName());
		}
	}

	private static void copyProperty(Http11NioProtocol from, Http11NioProtocol to, String name) {
		String value = from.getProperty(name);
		if (value != null && !value.equals(to.getProperty(name))) {
			to.setProperty(name, value);
		}
	}

}
