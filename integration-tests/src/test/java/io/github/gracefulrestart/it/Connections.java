package io.github.gracefulrestart.it;

import java.time.Duration;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What connections go through, seen from both ends.
 */
public final class Connections {

	private Connections() {
	}

	/**
	 * Wait until the service works on a number of requests, the one that asks not
	 * counted.
	 * @param service the service
	 * @param requests how many at least
	 */
	public static void awaitActive(SampleService service, int requests) {
		await().atMost(SampleService.PATIENCE)
			.untilAsserted(() -> assertThat(
					JsonPath.<Integer>read(service.get("/actuator/reload").text(), "$.connections.active"))
				.isGreaterThan(requests));
	}

	/**
	 * A connection that was idle while the predecessor left has either moved to the
	 * successor or was closed in an orderly way.
	 */
	static void assertUsableOrEnded(RawHttp connection) throws RequestFailedException {
		ConnectionEnd end = connection.awaitEnd(Duration.ofMillis(100));
		if (end == ConnectionEnd.OPEN) {
			assertThat(connection.get("/hello").status()).isEqualTo(200);
		}
		else {
			assertThat(end).isEqualTo(ConnectionEnd.EOF);
		}
	}

}
