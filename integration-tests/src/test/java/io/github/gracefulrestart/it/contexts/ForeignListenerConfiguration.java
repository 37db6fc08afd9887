package io.github.gracefulrestart.it.contexts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.sql.SQLException;

import org.h2.tools.Server;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Servers in the JVM of an application that are none of its web server's.
 */
@Configuration(proxyBeanMethods = false)
class ForeignListenerConfiguration {

	/**
	 * A database that other processes use.
	 */
	@Bean(initMethod = "start", destroyMethod = "stop")
	@ConditionalOnProperty("it.h2-port")
	Server database(Environment environment) throws SQLException {
		return Server.createTcpServer("-tcpPort", environment.getRequiredProperty("it.h2-port"), "-tcpDaemon");
	}

	/**
	 * A port without which the application starts, too.
	 */
	@Bean
	@ConditionalOnProperty("it.optional-port")
	ServerSocketChannel optionalPort(Environment environment) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open();
		try {
			channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(),
					environment.getRequiredProperty("it.optional-port", Integer.class)));
		}
		catch (IOException ex) {
			System.out.println("Going on without the optional port: " + ex);
		}
		return channel;
	}

	@Bean
	@ConditionalOnProperty("it.unix-socket")
	ServerSocketChannel unixSocket(Environment environment) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		channel.bind(UnixDomainSocketAddress.of(Path.of(environment.getRequiredProperty("it.unix-socket"))));
		return channel;
	}

}
