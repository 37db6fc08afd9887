package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A program that returns its process id and can start a replacement for itself, with a
 * gap that this module's tests do not mind.
 */
public final class SelfReplacingServer {

	private SelfReplacingServer() {
	}

	public static void main(String[] args) throws IOException {
		int port = Integer.parseInt(args[0]);
		HttpServer server = bind(port);
		server.createContext("/hello", (exchange) -> answer(exchange, "hello"));
		server.createContext("/replace", (exchange) -> {
			answer(exchange, "replacing");
			server.stop(0);
			new ProcessBuilder(ProcFs.commandLine(ProcessHandle.current().pid())).inheritIO().start();
			System.exit(7);
		});
		server.start();
		System.out.println("pid " + ProcessHandle.current().pid() + " serves");
	}

	private static HttpServer bind(int port) throws IOException {
		HttpServer[] server = new HttpServer[1];
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
		boolean bound = Poll.until(Duration.ofSeconds(10), () -> {
			try {
				server[0] = HttpServer.create(address, 0);
				return true;
			}
			catch (IOException ex) {
				return false;
			}
		});
		if (!bound) {
			throw new BindException("port " + port);
		}
		return server[0];
	}

	private static void answer(HttpExchange exchange, String text) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("X-Pid", Long.toString(ProcessHandle.current().pid()));
		exchange.sendResponseHeaders(200, bytes.length);
		try (OutputStream out = exchange.getResponseBody()) {
			out.write(bytes);
		}
	}

}
