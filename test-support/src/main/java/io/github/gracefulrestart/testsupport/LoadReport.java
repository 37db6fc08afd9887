package io.github.gracefulrestart.testsupport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What happened to each request of a load that has ended. Requests are {@linkplain #ok()
 * ok} or {@linkplain #failures() failed}; latencies are those of requests that are ok,
 * from when each was due.
 */
public final class LoadReport {

	private static final int FAILURES_SHOWN = 10;

	private final String name;

	private final long started;

	private final long ended;

	private final List<SampleLog.Block> blocks;

	private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);

	private final Map<Long, Served> served;

	private final long connectionsOpened;

	private final long reconnects;

	private final long toldClose;

	private final long idleClosed;

	private final long idleClosedLate;

	private final long unsent;

	LoadReport(String name, long started, long ended, List<SampleLog.Block> blocks, LoadCounters counters) {
		this.name = name;
		this.started = started;
		this.ended = ended;
		this.blocks = blocks;
		this.served = analyze();
		this.connectionsOpened = counters.opened.sum();
		this.reconnects = counters.reconnects.sum();
		this.toldClose = counters.toldClose.sum();
		this.idleClosed = counters.idleClosed.sum();
		this.idleClosedLate = counters.idleClosedLate.sum();
		this.unsent = counters.unsent.sum();
	}

	private LoadReport(String name, Collection<LoadReport> parts) {
		this.name = name;
		this.started = parts.stream().mapToLong(LoadReport::started).min().orElse(0);
		this.ended = parts.stream().mapToLong(LoadReport::ended).max().orElse(0);
		this.blocks = parts.stream().flatMap((part) -> part.blocks.stream()).toList();
		this.served = analyze();
		this.connectionsOpened = parts.stream().mapToLong(LoadReport::connectionsOpened).sum();
		this.reconnects = parts.stream().mapToLong(LoadReport::reconnects).sum();
		this.toldClose = parts.stream().mapToLong(LoadReport::toldClose).sum();
		this.idleClosed = parts.stream().mapToLong(LoadReport::idleClosed).sum();
		this.idleClosedLate = parts.stream().mapToLong(LoadReport::idleClosedLate).sum();
		this.unsent = parts.stream().mapToLong(LoadReport::unsent).sum();
	}

	/**
	 * Return several reports as one.
	 * @param parts the reports
	 * @return their sum
	 */
	public static LoadReport total(Collection<LoadReport> parts) {
		return new LoadReport("total", parts);
	}

	private Map<Long, Served> analyze() {
		Map<Long, Served> result = new TreeMap<>();
		samples().forEach((sample) -> {
			this.counts.merge(sample.outcome(), 1L, Long::sum);
			if (sample.outcome().isAnswered() && sample.pid() >= 0) {
				result.compute(sample.pid(), (pid, before) -> (before != null) ? before.and(sample.ended())
						: new Served(1, sample.ended(), sample.ended()));
			}
		});
		return Collections.unmodifiableMap(result);
	}

	/**
	 * Return the name of the load.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return when the load began.
	 * @return the moment, by {@link System#nanoTime()}
	 */
	public long started() {
		return this.started;
	}

	/**
	 * Return when the load ended.
	 * @return the moment, by {@link System#nanoTime()}
	 */
	public long ended() {
		return this.ended;
	}

	/**
	 * Return all requests: in the order in which they ended, load by load.
	 * @return the requests
	 */
	public Stream<Sample> samples() {
		return this.blocks.stream().flatMap((block) -> IntStream.range(0, block.size()).mapToObj(block::get));
	}

	/**
	 * Return the number of requests.
	 * @return the number of requests
	 */
	public long requests() {
		return this.counts.values().stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * Return the number of requests with one outcome.
	 * @param outcome the outcome
	 * @return the number of requests
	 */
	public long count(Outcome outcome) {
		return this.counts.getOrDefault(outcome, 0L);
	}

	/**
	 * Return the number of requests that succeeded.
	 * @return the number of requests
	 */
	public long ok() {
		return count(Outcome.OK);
	}

	/**
	 * Return the number of requests that failed, statuses outside of the 200 range
	 * included.
	 * @return the number of requests
	 */
	public long failures() {
		return requests() - ok();
	}

	/**
	 * Return the failures by kind; kinds that did not occur are absent.
	 * @return the number of requests by outcome
	 */
	public Map<Outcome, Long> failuresByKind() {
		Map<Outcome, Long> result = new EnumMap<>(this.counts);
		result.remove(Outcome.OK);
		return Collections.unmodifiableMap(result);
	}

	/**
	 * Return the latencies of the whole load.
	 * @return the latencies
	 */
	public Latencies latencies() {
		return latencies((sample) -> true);
	}

	/**
	 * Return the latencies of requests that were due within any of some windows.
	 * @param windows the windows
	 * @return the latencies
	 */
	public Latencies latenciesWithin(Collection<TimeWindow> windows) {
		return latencies((sample) -> within(windows, sample));
	}

	/**
	 * Return the latencies of requests that were due outside of all of some windows.
	 * @param windows the windows
	 * @return the latencies
	 */
	public Latencies latenciesOutside(Collection<TimeWindow> windows) {
		return latencies((sample) -> !within(windows, sample));
	}

	private Latencies latencies(Predicate<Sample> filter) {
		return new Latencies(samples().filter((sample) -> !sample.outcome().isFailure())
			.filter(filter)
			.mapToLong((sample) -> sample.latency().toNanos())
			.toArray());
	}

	private static boolean within(Collection<TimeWindow> windows, Sample sample) {
		return windows.stream().anyMatch((window) -> window.contains(sample.due()));
	}

	/**
	 * Return the longest time of the load in which no request succeeded.
	 * @return the window; its length is the gap
	 */
	public TimeWindow longestGap() {
		long[] successes = samples().filter((sample) -> !sample.outcome().isFailure())
			.mapToLong(Sample::ended)
			.sorted()
			.toArray();
		TimeWindow longest = new TimeWindow(this.started, this.started);
		long last = this.started;
		for (int i = 0; i <= successes.length; i++) {
			long next = (i < successes.length) ? successes[i] : this.ended;
			if (next - last > longest.to() - longest.from()) {
				longest = new TimeWindow(last, next);
			}
			last = next;
		}
		return longest;
	}

	/**
	 * Return what each process did, by process id, as far as answers name theirs.
	 * @return the processes
	 */
	public Map<Long, Served> served() {
		return this.served;
	}

	/**
	 * Return how many connections were attempted.
	 * @return the number of connections
	 */
	public long connectionsOpened() {
		return this.connectionsOpened;
	}

	/**
	 * Return how many of the connections replaced an earlier one; in close mode each but
	 * the first of each slot.
	 * @return the number of connections
	 */
	public long reconnects() {
		return this.reconnects;
	}

	/**
	 * Return how many persistent connections ended because an answer said so.
	 * @return the number of answers with {@code Connection: close}
	 */
	public long toldClose() {
		return this.toldClose;
	}

	/**
	 * Return how many connections the server closed while they were idle. None of these
	 * is a failure.
	 * @return the number of connections
	 */
	public long idleClosed() {
		return this.idleClosed;
	}

	/**
	 * Return how many of the {@linkplain #idleClosed() idle connections} were closed less
	 * than 10 ms before their next request was due: over a network with that round-trip
	 * time it would have been lost.
	 * @return the number of connections
	 */
	public long idleClosedLate() {
		return this.idleClosedLate;
	}

	/**
	 * Return how many requests were due at a fixed rate and never begun, for want of a
	 * free connection.
	 * @return the number of requests
	 */
	public long unsent() {
		return this.unsent;
	}

	@Override
	public String toString() {
		List<String> lines = new ArrayList<>();
		TimeWindow gap = longestGap();
		lines.add("%s: %d requests in %.1f s, %d ok, %d failed %s".formatted(this.name, requests(),
				seconds(this.ended - this.started), ok(), failures(), failuresByKind()));
		lines.add("  latency %s; longest gap %.1f ms at %.3f s".formatted(latencies(),
				seconds(gap.to() - gap.from()) * 1e3, sinceStart(gap.from())));
		lines.add("  connections: %d opened, %d reconnects, %d told close, %d closed while idle (%d late); %d unsent"
			.formatted(this.connectionsOpened, this.reconnects, this.toldClose, this.idleClosed, this.idleClosedLate,
					this.unsent));
		this.served.forEach((pid, process) -> lines.add("  pid %d: %d answers from %.3f s to %.3f s".formatted(pid,
				process.answers(), sinceStart(process.first()), sinceStart(process.last()))));
		samples().filter((sample) -> sample.outcome().isFailure())
			.limit(FAILURES_SHOWN)
			.forEach((sample) -> lines
				.add("  %s at %.3f s after %.1f ms, %s connection".formatted(sample.outcome(), sinceStart(sample.due()),
						seconds(sample.latency().toNanos()) * 1e3, sample.reused() ? "reused" : "new")));
		return String.join("\n", lines);
	}

	private double sinceStart(long moment) {
		return seconds(moment - this.started);
	}

	private static double seconds(long nanos) {
		return nanos / 1e9;
	}

}
