package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import org.jspecify.annotations.Nullable;

/**
 * Says what a request looks like from inside, and counts how often it was served.
 */
@SuppressWarnings("serial")
final class ProbeServlet extends HttpServlet {

	private static final int MUCH = 16384;

	private final String node;

	private final Map<String, Integer> served = new ConcurrentHashMap<>();

	private final Semaphore permits = new Semaphore(0);

	private volatile @Nullable AsyncContext async;

	ProbeServlet(String node) {
		this.node = node;
	}

	/**
	 * Return how often each query was served.
	 */
	Map<String, Integer> served() {
		return this.served;
	}

	/**
	 * Let one request for {@code /blocked} or {@code /async} end.
	 */
	void release() {
		AsyncContext waiting = this.async;
		this.async = null;
		if (waiting != null) {
			waiting.complete();
		}
		this.permits.release();
	}

	@Override
	protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
		doGet(request, response);
	}

	@Override
	protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
		String query = String.valueOf(request.getQueryString());
		this.served.merge(query, 1, Integer::sum);
		switch (request.getRequestURI()) {
			case "/async" -> {
				describe(request, response, query);
				this.async = request.startAsync();
			}
			case "/blocked" -> {
				this.permits.acquireUninterruptibly();
				describe(request, response, query);
			}
			case "/events", "/EVENTS" -> {
				String type = "text/event-stream;charset=UTF-8";
				response
					.setContentType("/EVENTS".equals(request.getRequestURI()) ? type.toUpperCase(Locale.ROOT) : type);
				response.getWriter().write("data: " + query + "\n\n");
				response.flushBuffer();
				request.startAsync().setTimeout(0);
			}
			case "/much" -> {
				byte[] piece = new byte[MUCH];
				while (true) {
					response.getOutputStream().write(piece);
				}
			}
			case "/silent" -> request.startAsync().setTimeout(0);
			case "/file" -> sendFile(request, response, query);
			case "/echo" -> upgrade(request, response);
			default -> describe(request, response, query);
		}
	}

	private void describe(HttpServletRequest request, HttpServletResponse response, String query) throws IOException {
		response.getWriter()
			.write(this.node + " " + query + " " + request.getRemoteAddr() + ":" + request.getRemotePort() + " to "
					+ request.getLocalAddr() + ":" + request.getLocalPort());
	}

	private void sendFile(HttpServletRequest request, HttpServletResponse response, String query) {
		long size = new java.io.File(query).length();
		request.setAttribute("org.apache.tomcat.sendfile.filename", query);
		request.setAttribute("org.apache.tomcat.sendfile.start", 0L);
		request.setAttribute("org.apache.tomcat.sendfile.end", size);
		response.setContentLengthLong(size);
	}

	private static void upgrade(HttpServletRequest request, HttpServletResponse response) throws IOException {
		response.setHeader("Connection", "Upgrade");
		response.setHeader("Upgrade", "echo");
		try {
			request.upgrade(Echo.class);
		}
		catch (jakarta.servlet.ServletException ex) {
			throw new IOException(ex);
		}
	}

	/**
	 * Sends every byte back.
	 */
	public static final class Echo implements HttpUpgradeHandler {

		@Override
		public void init(WebConnection connection) {
			try {
				ServletInputStream in = connection.getInputStream();
				in.setReadListener(new EchoListener(in, connection.getOutputStream(), connection));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public void destroy() {
		}

	}

	private record EchoListener(ServletInputStream in, OutputStream out,
			WebConnection connection) implements ReadListener {

		@Override
		public void onDataAvailable() throws IOException {
			while (this.in.isReady() && !this.in.isFinished()) {
				int next = this.in.read();
				if (next >= 0) {
					this.out.write(next);
					this.out.flush();
				}
			}
		}

		@Override
		public void onAllDataRead() throws IOException {
			onError(new IOException("all has been read"));
		}

		@Override
		public void onError(Throwable failure) {
			try {
				this.connection.close();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
