package io.github.gracefulrestart.it;

import java.util.Locale;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.RequestFailedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the successor knows of the predecessor's connections.
 */
public final class Fates {

	private Fates() {
	}

	/**
	 * Return how many connections had a fate in the last restart, as the endpoint and the
	 * meters say.
	 * @param service the service
	 * @param fate the fate, as in the endpoint's answer
	 * @return the number of connections
	 * @throws RequestFailedException if there is no complete answer
	 */
	public static int of(SampleService service, String fate) throws RequestFailedException {
		HttpAnswer reload = service.get("/actuator/reload");
		int count = JsonPath.read(reload.text(), "$.lastRestart.connections." + fate);
		String tag = fate.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
		// Listeners count when they are told, which takes them a moment
		await("the meter of " + fate).atMost(SampleService.PATIENCE).untilAsserted(() -> {
			HttpAnswer meter = service.get("/actuator/metrics/graceful.restart.connections?tag=fate:" + tag);
			assertThat(meter.status()).as(meter.text()).isEqualTo(200);
			assertThat(JsonPath.<Double>read(meter.text(), "$.measurements[0].value")).isEqualTo(count);
		});
		return count;
	}

}
