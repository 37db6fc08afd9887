package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

class Http2ClientTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/**
	 * Against a server that is not of our making.
	 */
	@Nested
	class WithTomcat {

		@TempDir
		private Path directory;

		private Tomcat start(boolean tls) throws Exception {
			Tomcat tomcat = new Tomcat();
			tomcat.setBaseDir(this.directory.toString());
			Connector connector = new Connector();
			connector.setPort(0);
			connector.addUpgradeProtocol(new Http2Protocol());
			if (tls) {
				connector.setSecure(true);
				connector.setScheme("https");
				connector.setProperty("SSLEnabled", "true");
				SSLHostConfig host = new SSLHostConfig();
				SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host,
						SSLHostConfigCertificate.Type.EC);
				certificate.setCertificateKeystoreFile(TestKey.file().toString());
				certificate.setCertificateKeystorePassword(TestKey.PASSWORD);
				host.addCertificate(certificate);
				connector.addSslHostConfig(host);
			}
			tomcat.setConnector(connector);
			Context context = tomcat.addContext("", this.directory.toString());
			Tomcat.addServlet(context, "echo", new EchoServlet()).addMapping("/");
			tomcat.start();
			return tomcat;
		}

		private static Http2Client connect(Tomcat tomcat, boolean tls) throws IOException {
			int port = tomcat.getConnector().getLocalPort();
			return tls ? Http2Client.connectTls(port) : Http2Client.connect(port);
		}

		@ParameterizedTest
		@ValueSource(booleans = { false, true })
		void multiplexesRequests(boolean tls) throws Exception {
			Tomcat tomcat = start(tls);
			try (Http2Client client = connect(tomcat, tls)) {
				List<Http2Stream> streams = new ArrayList<>();
				for (int i = 0; i < 50; i++) {
					streams.add(client.get("/" + i));
				}
				for (int i = 0; i < 50; i++) {
					Http2Result result = streams.get(i).await(PATIENCE);
					assertThat(result).as(() -> client.goAways().toString()).matches(Http2Result::isOk);
					assertThat(result.body()).isEqualTo("/" + i + " 0");
					assertThat(result.pid()).isEqualTo(4711);
				}
				assertThat(client.ping(PATIENCE)).isTrue();
			}
			finally {
				tomcat.stop();
				tomcat.destroy();
			}
		}

		@ParameterizedTest
		@ValueSource(booleans = { false, true })
		void keepsToTheWindowsBothWays(boolean tls) throws Exception {
			Tomcat tomcat = start(tls);
			try (Http2Client client = connect(tomcat, tls)) {
				assertThat(client.post("/upload", new byte[1_000_000]).await(PATIENCE).body())
					.isEqualTo("/upload 1000000");
				assertThat(client.get("/large").await(PATIENCE).body().length()).isEqualTo(1_000_000);
			}
			finally {
				tomcat.stop();
				tomcat.destroy();
			}
		}

		@Test
		void whenServerPausesThenSeesItGoAway() throws Exception {
			Tomcat tomcat = start(false);
			try (Http2Client client = connect(tomcat, false)) {
				assertThat(client.get("/").await(PATIENCE).status()).isEqualTo(200);
				tomcat.getConnector().pause();
				tomcat.stop();
				assertThat(client.awaitGoAway(PATIENCE).errorCode()).isZero();
				assertThat(client.awaitEnd(PATIENCE)).isNotEqualTo(ConnectionEnd.OPEN);
			}
			finally {
				tomcat.destroy();
			}
		}

	}

	/**
	 * Against a server that does what Tomcat does only in trouble.
	 */
	@Nested
	class WithAScript {

		private static final byte[] OK_HEADERS = { (byte) 0x88 };

		private static void handshake(ScriptedServer.Connection connection) throws IOException {
			connection.in().readNBytes(24);
			frame(connection);
			connection.send(new Http2Frame(Http2Frame.SETTINGS, 0, 0, new byte[0]).toBytes());
			frame(connection);
		}

		private static Http2Frame frame(ScriptedServer.Connection connection) throws IOException {
			InputStream in = connection.in();
			ByteBuffer header = ByteBuffer.wrap(in.readNBytes(9));
			int lengthAndType = header.getInt();
			return new Http2Frame(lengthAndType & 0xff, header.get(), header.getInt(),
					in.readNBytes(lengthAndType >>> 8));
		}

		private static void goAway(ScriptedServer.Connection connection, int lastStreamId) throws IOException {
			byte[] payload = ByteBuffer.allocate(11)
				.putInt(lastStreamId)
				.putInt(0)
				.put("bye".getBytes(StandardCharsets.US_ASCII))
				.array();
			connection.send(new Http2Frame(Http2Frame.GOAWAY, 0, 0, payload).toBytes());
		}

		@Test
		void whenServerGoesAwayThenTellsProcessedStreamsFromOthers() throws IOException {
			try (ScriptedServer server = ScriptedServer.start((connection) -> {
				handshake(connection);
				frame(connection);
				frame(connection);
				goAway(connection, 1);
				connection.send(new Http2Frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS, 1, OK_HEADERS).toBytes());
				connection
					.send(new Http2Frame(Http2Frame.DATA, Http2Frame.END_STREAM, 1, new byte[] { 'x' }).toBytes());
				connection.close();
			}); Http2Client client = Http2Client.connect(server.port())) {
				Http2Stream first = client.get("/1");
				Http2Stream second = client.get("/2");
				Http2GoAway goAway = client.awaitGoAway(PATIENCE);
				assertThat(goAway.lastStreamId()).isEqualTo(1);
				assertThat(goAway.debugData()).isEqualTo("bye");
				assertThat(first.await(PATIENCE).isOk()).isTrue();
				assertThat(first.await(PATIENCE).body()).isEqualTo("x");
				assertThat(second.await(PATIENCE).ending()).isEqualTo(Http2Result.Ending.UNPROCESSED);
				assertThat(client.awaitEnd(PATIENCE)).isIn(ConnectionEnd.EOF, ConnectionEnd.RESET);
				assertThatIOException().isThrownBy(() -> client.get("/3"));
			}
		}

		@Test
		void whenServerResetsAStreamThenReportsTheCode() throws IOException {
			try (ScriptedServer server = ScriptedServer.start((connection) -> {
				handshake(connection);
				frame(connection);
				connection.send(Http2Frame.ofInt(Http2Frame.RST_STREAM, 1, 7).toBytes());
			}); Http2Client client = Http2Client.connect(server.port())) {
				Http2Result result = client.get("/").await(PATIENCE);
				assertThat(result.ending()).isEqualTo(Http2Result.Ending.RESET_STREAM);
				assertThat(result.errorCode()).isEqualTo(7);
				assertThat(result.isOk()).isFalse();
				assertThatExceptionOfType(AssertionError.class)
					.isThrownBy(() -> client.awaitGoAway(Duration.ofMillis(50)));
			}
		}

		@Test
		void whenConnectionEndsThenStreamsSayHow() throws IOException {
			try (ScriptedServer server = ScriptedServer.start((connection) -> {
				handshake(connection);
				frame(connection);
				frame(connection);
				connection.reset();
			}); Http2Client client = Http2Client.connect(server.port())) {
				Http2Stream first = client.get("/1");
				Http2Stream second = client.get("/2");
				assertThat(first.await(PATIENCE).ending()).isEqualTo(Http2Result.Ending.CONNECTION_RESET);
				assertThat(second.await(PATIENCE).ending()).isEqualTo(Http2Result.Ending.CONNECTION_RESET);
				assertThat(client.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.RESET);
			}
		}

		@Test
		void whenConnectionIsClosedThenStreamsSaySo() throws IOException {
			try (ScriptedServer server = ScriptedServer.start((connection) -> {
				handshake(connection);
				frame(connection);
				connection.close();
			}); Http2Client client = Http2Client.connect(server.port())) {
				assertThat(client.get("/").await(PATIENCE).ending()).isEqualTo(Http2Result.Ending.CONNECTION_EOF);
			}
		}

		@Test
		void whenServerDoesNotSpeakHttp2ThenFails() throws IOException {
			try (ScriptedServer server = ScriptedServer.start(ScriptedServer.Connection::close);
					ScriptedServer tls = ScriptedServer.startTls(ScriptedServer.Connection::request)) {
				assertThatIOException().isThrownBy(() -> Http2Client.connect(server.port()));
				assertThatIOException().isThrownBy(() -> Http2Client.connectTls(tls.port()))
					.withMessageContaining("h2");
			}
		}

	}

	private static final class EchoServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.setHeader("X-Pid", "4711");
			if (request.getRequestURI().equals("/large")) {
				response.getOutputStream().write(new byte[1_000_000]);
			}
			else {
				int size = request.getInputStream().readAllBytes().length;
				response.getWriter().print(request.getRequestURI() + " " + size);
			}
		}

	}

}
