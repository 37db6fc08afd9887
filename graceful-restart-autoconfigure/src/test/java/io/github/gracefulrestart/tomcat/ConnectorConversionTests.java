package io.github.gracefulrestart.tomcat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

import org.apache.catalina.Service;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardService;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.ajp.AjpNioProtocol;
import org.apache.coyote.http11.Http11Nio2Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.net.SocketProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.BeanUtils;

import static org.assertj.core.api.Assertions.assertThat;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectorConversionTests {

	private final Service service = new StandardService();

	@Test
	void settingsOfTheConnectorSurvive() {
		Connector connector = connector();
		connector.setPort(21_001);
		connector.setScheme("https");
		connector.setSecure(true);
		connector.setProxyName("proxy.example");
		connector.setProxyPort(443);
		connector.setRedirectPort(8443);
		connector.setMaxPostSize(1234);
		connector.setMaxSavePostSize(4321);
		connector.setMaxParameterCount(77);
		connector.setAllowTrace(true);
		connector.setEnableLookups(true);
		connector.setAsyncTimeout(4711);
		connector.setURIEncoding("ISO-8859-1");
		connector.setUseBodyEncodingForURI(true);
		connector.setXpoweredBy(true);
		connector.setUseIPVHosts(true);
		connector.setParseBodyMethods("POST,PUT");
		connector.setRejectSuspiciousURIs(true);
		connector.setEnforceEncodingInGetWriter(false);
		connector.setDiscardFacades(false);
		connector.setPortOffset(7);
		connector.setThrowOnFailure(false);
		Connector replacement = convert(connector);
		assertThat(replacement.getPort()).isEqualTo(21_001);
		assertThat(replacement.getPortWithOffset()).isEqualTo(21_008);
		assertThat(replacement).usingRecursiveComparison()
			.comparingOnlyFields("scheme", "secure", "proxyName", "proxyPort", "redirectPort", "maxPostSize",
					"maxSavePostSize", "maxParameterCount", "allowTrace", "enableLookups", "asyncTimeout", "uriCharset",
					"useBodyEncodingForURI", "xpoweredBy", "useIPVHosts", "parseBodyMethods", "parseBodyMethodsSet",
					"rejectSuspiciousURIs", "enforceEncodingInGetWriter", "discardFacades", "throwOnFailure")
			.isEqualTo(connector);
	}

	@Test
	void settingsOfTheProtocolSurvive() throws Exception {
		Connector connector = connector();
		Http11NioProtocol protocol = (Http11NioProtocol) connector.getProtocolHandler();
		protocol.setAddress(InetAddress.getLoopbackAddress());
		protocol.setKeepAliveTimeout(4000);
		protocol.setConnectionTimeout(5000);
		protocol.setConnectionLinger(3);
		protocol.setTcpNoDelay(false);
		protocol.setAcceptCount(33);
		protocol.setMaxConnections(44);
		protocol.setMaxThreads(22);
		protocol.setMinSpareThreads(2);
		protocol.setThreadPriority(6);
		protocol.setMaxHttpRequestHeaderSize(10_000);
		protocol.setMaxHttpResponseHeaderSize(11_000);
		protocol.setMaxTrailerSize(100);
		protocol.setMaxExtensionSize(101);
		protocol.setMaxSwallowSize(102);
		protocol.setCompression("force");
		protocol.setCompressionMinSize(99);
		protocol.setCompressibleMimeType("text/plain");
		protocol.setNoCompressionUserAgents("old.*");
		protocol.setRestrictedUserAgents("older.*");
		protocol.setServer("me");
		protocol.setServerRemoveAppProvidedValues(true);
		protocol.setUseKeepAliveResponseHeader(false);
		protocol.setRelaxedPathChars("<>");
		protocol.setRelaxedQueryChars("[]");
		protocol.setAllowedTrailerHeaders("x-one,x-two");
		protocol.setConnectionUploadTimeout(999);
		protocol.setDisableUploadTimeout(false);
		protocol.setProcessorCache(5);
		protocol.setUseSendfile(false);
		protocol.setClientCertProvider("other");
		protocol.setMaxHeaderCount(9);
		protocol.setPollerThreadPriority(4);
		protocol.setSelectorTimeout(123);
		protocol.setContinueResponseTiming("onRead");
		Map<String, Object> before = settings(protocol);
		Http11NioProtocol converted = (Http11NioProtocol) convert(connector).getProtocolHandler();
		assertThat(settings(converted)).isEqualTo(before);
		assertThat(converted.getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
	}

	private static Map<String, Object> settings(Http11NioProtocol protocol) throws Exception {
		Map<String, Object> settings = new TreeMap<>();
		for (var property : BeanUtils.getPropertyDescriptors(Http11NioProtocol.class)) {
			if (property.getReadMethod() != null && property.getWriteMethod() != null
					&& BeanUtils.isSimpleValueType(property.getPropertyType())) {
				settings.put(property.getName(), property.getReadMethod().invoke(protocol));
			}
		}
		assertThat(settings).hasSizeGreaterThan(40);
		return settings;
	}

	@ParameterizedTest
	@MethodSource("endpointProperties")
	void everyPropertyThatCanBeSetByNameSurvives(String name, String value) {
		Connector connector = connector();
		boolean known = connector.setProperty(name, value);
		assertThat(known).as(name).isTrue();
		Object set = connector.getProperty(name);
		Connector replacement = convert(connector);
		assertThat(replacement.getProperty(name)).as(name).isEqualTo(set);
	}

	List<String[]> endpointProperties() {
		Stream<String[]> ofEndpoint = Stream.of(new String[] { "unixDomainSocketPath", "/run/app.sock" },
				new String[] { "unixDomainSocketPathPermissions", "rw-rw----" },
				new String[] { "useVirtualThreads", "true" }, new String[] { "bindOnInit", "false" },
				new String[] { "pollerThreadPriority", "3" }, new String[] { "selectorTimeout", "777" },
				new String[] { "acceptorThreadPriority", "3" },
				new String[] { "executorTerminationTimeoutMillis", "777" }, new String[] { "useSendfile", "false" },
				new String[] { "name", "own" });
		Stream<String[]> ofSocket = Stream.of(BeanUtils.getPropertyDescriptors(SocketProperties.class))
			.filter((property) -> property.getWriteMethod() != null
					&& BeanUtils.isSimpleValueType(property.getPropertyType()))
			.map((property) -> new String[] { "socket." + property.getName(), other(property.getPropertyType()) });
		return Stream.concat(ofEndpoint, ofSocket)
			.filter((property) -> BeanUtils.getPropertyDescriptor(NioEndpoint.class, property[0]) != null
					|| property[0].startsWith("socket."))
			.toList();
	}

	private static String other(Class<?> type) {
		return (type == boolean.class || type == Boolean.class) ? "true" : "4711";
	}

	@Test
	void tlsSettingsSurvive() {
		Connector connector = connector();
		Http11NioProtocol protocol = (Http11NioProtocol) connector.getProtocolHandler();
		protocol.setSSLEnabled(true);
		SSLHostConfig first = config("_default_");
		SSLHostConfig second = config("other.example");
		protocol.addSslHostConfig(first);
		protocol.addSslHostConfig(second);
		protocol.setDefaultSSLHostConfigName("_default_");
		connector.setSecure(true);
		connector.setScheme("https");
		RestartableHttp11NioProtocol converted = (RestartableHttp11NioProtocol) convert(connector).getProtocolHandler();
		assertThat(converted.isSSLEnabled()).isTrue();
		assertThat(converted.findSslHostConfigs()).containsExactlyInAnyOrder(first, second);
		assertThat(converted.getDefaultSSLHostConfigName()).isEqualTo("_default_");
	}

	private static SSLHostConfig config(String name) {
		SSLHostConfig config = new SSLHostConfig();
		config.setHostName(name);
		config.addCertificate(new SSLHostConfigCertificate(config, SSLHostConfigCertificate.Type.RSA));
		return config;
	}

	@Test
	void upgradeProtocolsSurvive() {
		Connector connector = connector();
		Http2Protocol http2 = new Http2Protocol();
		http2.setMaxConcurrentStreams(3);
		connector.addUpgradeProtocol(http2);
		Connector replacement = convert(connector);
		assertThat(replacement.findUpgradeProtocols()).extracting(UpgradeProtocol.class::cast).containsExactly(http2);
	}

	@Test
	void replacementTakesThePlaceInTheService() {
		Connector first = connector();
		Connector second = connector();
		this.service.addConnector(first);
		this.service.addConnector(second);
		Connector replacement = ConnectorConversion.toRestartable(this.service, second);
		assertThat(replacement).isNotSameAs(second);
		assertThat(replacement.getService()).isSameAs(this.service);
		assertThat(this.service.findConnectors()).containsExactly(first, replacement);
		assertThat(replacement.getProtocolHandlerClassName()).isEqualTo(RestartableHttp11NioProtocol.class.getName());
		this.service.removeConnector(first);
		this.service.removeConnector(replacement);
	}

	@Test
	void executorSurvives() {
		Connector connector = connector();
		Executor executor = Runnable::run;
		connector.getProtocolHandler().setExecutor(executor);
		assertThat(convert(connector).getProtocolHandler().getExecutor()).isSameAs(executor);
	}

	@Test
	void whenRestartableAlreadyThenIsLeftAlone() {
		Connector connector = new Connector(new RestartableHttp11NioProtocol());
		assertThat(convert(connector)).isSameAs(connector);
	}

	@Test
	void whenOfAnotherKindThenIsLeftAlone() {
		for (Connector connector : List.of(new Connector(new Http11Nio2Protocol()), new Connector(new AjpNioProtocol()),
				new Connector(new Special()))) {
			assertThat(convert(connector)).isSameAs(connector);
		}
	}

	@Test
	void unixDomainSocketPathIsKnownByTheEndpoint() {
		Connector connector = connector();
		connector.setProperty("unixDomainSocketPath", Path.of("target", "x.sock").toString());
		RestartableHttp11NioProtocol converted = (RestartableHttp11NioProtocol) convert(connector).getProtocolHandler();
		assertThat(converted.endpoint().getUnixDomainSocketPath()).isEqualTo("target/x.sock");
	}

	private Connector convert(Connector connector) {
		this.service.addConnector(connector);
		Connector result = ConnectorConversion.toRestartable(this.service, connector);
		this.service.removeConnector(result);
		return result;
	}

	private static Connector connector() {
		return new Connector(Http11NioProtocol.class.getName());
	}

	static class Special extends Http11NioProtocol {

	}

}
