package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.time.Duration;

/**
 * A way in which a server can fail a request, and the outcome it must be counted as.
 */
enum Fault {

	NONE(Outcome.OK, 0) {
		@Override
		void inject(ScriptedServer.Connection connection) throws IOException {
			connection.answer();
		}
	},

	STATUS_503(Outcome.NON2XX, 0) {
		@Override
		void inject(ScriptedServer.Connection connection) throws IOException {
			connection.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
		}
	},

	RESET_OF_A_NEW_CONNECTION(Outcome.RESET_FRESH, 0) {
		@Override
		void inject(ScriptedServer.Connection connection) throws IOException {
			connection.reset();
		}
	},

	END_OF_A_NEW_CONNECTION(Outcome.EOF_FRESH, 0) {
		@Override
		void inject(ScriptedServer.Connection connection) throws IOException {
			connection.close();
		}
	},

	RESET_OF_A_USED_CONNECTION(Outcome.STALE_RESET, 1) {
		@Override
		void inject(ScriptedServer.Connection connection) throws IOException {
			connection.reset();
		}
	},

	END_OF_A_USED_CONNECTION(Outcome.STALE_EOF, 1) {
		@Override
		void inject(ScriptedServer.Connection connection) throws IOException {
			connection.close();
		}
	},

	RESET_WITHIN_THE_HEAD(Outcome.RESET_MID, 1) {
		@Override
		void inject(ScriptedServer.Connection connection) throws IOException {
			connection.send("HTTP/1.1 200");
			connection.reset();
		}
	},

	END_WITHIN_THE_BODY(Outcome.EOF_MID, 0) {
		@Override
		void inject(ScriptedServer.Connection connection) throws IOException {
			connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
			connection.close();
		}
	},

	END_BEFORE_THE_LAST_CHUNK(Outcome.EOF_MID, 1) {
		@Override
		void inject(ScriptedServer.Connection connection) throws IOException {
			connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
			connection.close();
		}
	},

	SILENCE(Outcome.TIMEOUT_FIRST_BYTE, 1) {
		@Override
		void inject(ScriptedServer.Connection connection) {
		}
	},

	SILENCE_WITHIN_THE_BODY(Outcome.TIMEOUT_MID, 0) {
		@Override
		void inject(ScriptedServer.Connection connection) throws IOException {
			connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
		}
	},

	NOT_HTTP(Outcome.BAD_RESPONSE, 0) {
		@Override
		void inject(ScriptedServer.Connection connection) throws IOException {
			connection.send("SSH-2.0-nonsense\r\n\r\n");
		}
	},

	BAD_CHUNK(Outcome.BAD_RESPONSE, 0) {
		@Override
		void inject(ScriptedServer.Connection connection) throws IOException {
			connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
		}
	};

	final Outcome outcome;

	/** How many requests the connection answers before the fault. */
	final int answersBefore;

	Fault(Outcome outcome, int answersBefore) {
		this.outcome = outcome;
		this.answersBefore = answersBefore;
	}

	/**
	 * How long to wait for a response, which includes a first TLS handshake. It is also
	 * how long to wait for the end of a TLS connection that the server does not end.
	 */
	Duration timeout() {
		return Duration.ofSeconds(4);
	}

	abstract void inject(ScriptedServer.Connection connection) throws IOException;

	ScriptedServer.Script script() {
		return (connection) -> {
			for (int i = 0; i < this.answersBefore; i++) {
				connection.request();
				connection.answer();
			}
			connection.request();
			inject(connection);
		};
	}

}
