package io.github.gracefulrestart.it.migration;

import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The successor dies while it receives connections.
 */
@Isolated
class SuccessorKilledIT {

	private static final int CONNECTIONS = 2000;

	@Test
	void whenKilledInTheMiddleOfTheMoveThenThePredecessorServesWhatIsLeft() throws Exception {
		List<RawHttp> clients = new ArrayList<>();
		try (SampleService service = SampleService.named("successor-killed")
			.args("--server.tomcat.max-keep-alive-requests=-1", "--server.tomcat.keep-alive-timeout=10m")
			.start()) {
			for (int i = 0; i < CONNECTIONS; i++) {
				clients.add(service.connect());
				assertThat(clients.get(i).get("/hello").status()).isEqualTo(200);
			}
			long predecessor = service.pid();
			service.beginRestart();
			long successor = awaitLaunched(service);
			while (ProcFs.sockets(successor) < CONNECTIONS / 3) {
				assertThat(ProcFs.isRunning(successor)).isTrue();
			}
			// At once: the start of a program may take as long as all moves
			ProcessHandle.of(successor).orElseThrow().destroyForcibly();
			service.process().awaitOutput(LogLines.ROLLED_BACK, SampleService.PATIENCE);
			await().atMost(SampleService.PATIENCE)
				.until(() -> JsonPath.<String>read(service.get("/actuator/reload").text(), "$.state")
					.equals("serving"));
			int moved = JsonPath.read(service.get("/actuator/reload").text(), "$.lastRestart.connections.moved");
			int lost = 0;
			for (RawHttp client : clients) {
				lost += isServed(client, predecessor) ? 0 : 1;
			}
			System.out.println(
					"Killed after " + moved + " of " + CONNECTIONS + " connections had moved: " + lost + " were lost");
			assertThat(moved).isPositive().isLessThan(CONNECTIONS);
			assertThat(lost).isEqualTo(moved);
			// The next attempt moves what is left
			service.process().signal(predecessor, "USR2");
			service.process().awaitExit(predecessor, SampleService.PATIENCE);
			long next = service.pid();
			assertThat(next).isNotIn(predecessor, successor);
			for (RawHttp client : clients) {
				if (client.answers() > 1) {
					assertThat(client.get("/hello").pid()).isEqualTo(next);
				}
			}
		}
		finally {
			clients.forEach(RawHttp::close);
		}
	}

	private static long awaitLaunched(SampleService service) {
		String launched = LogLines.LAUNCHED;
		service.process().awaitOutput(launched, SampleService.PATIENCE);
		String output = service.process().output();
		int begin = output.indexOf(launched) + launched.length();
		return Long.parseLong(output.substring(begin, output.indexOf(')', begin)));
	}

	private static boolean isServed(RawHttp client, long by) {
		try {
			HttpAnswer answer = client.get("/hello");
			assertThat(answer.pid()).isEqualTo(by);
			assertThat(answer.close()).isFalse();
			return true;
		}
		catch (RequestFailedException ex) {
			return false;
		}
	}

}
