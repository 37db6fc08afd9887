package io.github.gracefulrestart.testsupport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several loads at once, as real traffic is: new connections, busy and idle ones, slow
 * requests, uploads.
 */
public final class MixedLoad implements AutoCloseable {

	private final List<LoadGenerator> generators;

	private MixedLoad(List<LoadGenerator> generators) {
		this.generators = generators;
	}

	/**
	 * Start some loads; give them different {@linkplain LoadSettings#name names}.
	 * @param settings what each is to do
	 * @return the running loads
	 */
	public static MixedLoad start(LoadSettings... settings) {
		return new MixedLoad(Arrays.stream(settings).map(LoadGenerator::start).toList());
	}

	/**
	 * Start a bit of everything: {@code close}, {@code keepalive}, {@code idle},
	 * {@code slow} and {@code upload}.
	 * @param port the port on the loopback address
	 * @return the running loads
	 */
	public static MixedLoad startUsual(int port) {
		return start(LoadSettings.close(port, 16).rate(200), LoadSettings.keepAlive(port, 16).rate(500),
				LoadSettings.idle(port, 100, Duration.ofMillis(500)),
				LoadSettings.close(port, 4).name("slow").path("/slow?ms=3000").timeout(Duration.ofSeconds(30)),
				LoadSettings.keepAlive(port, 4).name("upload").path("/upload").upload(200_000, Duration.ofSeconds(1)));
	}

	/**
	 * Wait until each of the loads has a number of requests behind it.
	 * @param count the number
	 * @param patience how long to wait
	 * @return these loads
	 * @throws AssertionError if one has fewer when the time is up
	 */
	public MixedLoad awaitRequests(long count, Duration patience) {
		this.generators.forEach((generator) -> generator.awaitRequests(count, patience));
		return this;
	}

	/**
	 * Wait until each of the loads has ended a number of requests after this call.
	 * @param count the number
	 * @param patience how long to wait
	 * @return these loads
	 * @throws AssertionError if one has fewer when the time is up
	 */
	public MixedLoad awaitMoreRequests(long count, Duration patience) {
		this.generators.forEach((generator) -> generator.awaitRequests(generator.requests() + count, patience));
		return this;
	}

	/**
	 * Stop all loads and report.
	 * @return what happened
	 */
	public MixedReport stop() {
		close();
		List<LoadReport> reports = new ArrayList<>();
		this.generators.forEach((generator) -> reports.add(generator.stop()));
		Map<String, LoadReport> byName = new LinkedHashMap<>();
		reports.forEach((report) -> byName.put(report.name(), report));
		return new MixedReport(byName, LoadReport.total(reports));
	}

	@Override
	public void close() {
		this.generators.forEach(LoadGenerator::close);
	}

}
