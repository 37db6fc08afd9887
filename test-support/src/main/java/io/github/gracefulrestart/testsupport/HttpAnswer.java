package io.github.gracefulrestart.testsupport;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One complete HTTP/1.1 response.
 */
public final class HttpAnswer {

	private final int status;

	private final Map<String, String> headers;

	private final byte[] body;

	private final boolean close;

	private final long pid;

	HttpAnswer(ResponseParser parser, byte[] body) {
		this.status = parser.status();
		this.headers = parser.headers();
		this.body = body;
		this.close = parser.close();
		this.pid = parser.pid();
	}

	/**
	 * Return the status code.
	 * @return the status code
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Return the headers; names in lower case and looked up without regard to case,
	 * several values of one name joined by a comma.
	 * @return the headers
	 */
	public Map<String, String> headers() {
		return this.headers;
	}

	/**
	 * Return one header.
	 * @param name its name, in any case
	 * @return its value, or {@code null}
	 */
	public @Nullable String header(String name) {
		return this.headers.get(name);
	}

	/**
	 * Return the body as text.
	 * @return the body, read as UTF-8
	 */
	public String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	/**
	 * Return the body.
	 * @return a copy of the body
	 */
	public byte[] bytes() {
		return this.body.clone();
	}

	/**
	 * Return whether this was the connection's last answer, by what the server said.
	 * @return whether the server closes the connection
	 */
	public boolean close() {
		return this.close;
	}

	/**
	 * Return the process that answered.
	 * @return the header {@code X-Pid}, or -1
	 */
	public long pid() {
		return this.pid;
	}

	@Override
	public String toString() {
		return this.status + " " + this.headers + " " + text();
	}

}
