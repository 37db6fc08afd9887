package io.github.gracefulrestart.handover;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.LaunchedFiles;
import io.github.gracefulrestart.LaunchedFiles.Change;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartReport;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a {@link Message.Report}: the form in which a predecessor sends its
 * report, for the successor to publish when the predecessor has exited.
 */
public final class ReportEntries {

	/**
	 * The entry that says when the predecessor took its last connection, on the clock of
	 * {@link System#nanoTime()}, which all processes of a Linux machine share.
	 */
	public static final String LAST_ACCEPTED_AT = "last-accepted-at";

	/**
	 * The entry that says within how many milliseconds the predecessor ends.
	 */
	public static final String ENDS_WITHIN = "ends-within";

	private static final String PHASE = "phase.";

	private static final String APPLICATION = "application.";

	private static final String SEPARATOR = "\n";

	private ReportEntries() {
	}

	/**
	 * Write a report.
	 * @param report the report
	 * @return the entries, to which more may be added
	 */
	public static Map<String, String> of(RestartReport report) {
		Map<String, String> entries = new LinkedHashMap<>();
		entries.put("trigger", report.trigger());
		entries.put("outcome", report.outcome().name());
		entries.put("generation", String.valueOf(report.generation()));
		entries.put("predecessor-pid", String.valueOf(report.predecessorPid()));
		if (report.successorPid() != null) {
			entries.put("successor-pid", String.valueOf(report.successorPid()));
		}
		entries.put("started-at", report.startedAt().toString());
		entries.put("drained.moved", String.valueOf(report.drained().moved()));
		entries.put("drained.told", String.valueOf(report.drained().told()));
		entries.put("drained.finished", String.valueOf(report.drained().finished()));
		entries.put("drained.closed-idle", String.valueOf(report.drained().closedIdle()));
		entries.put("drained.cut", String.valueOf(report.drained().cut()));
		LaunchedFiles launched = report.launched();
		if (launched != null) {
			write(launched, entries);
		}
		report.phases().forEach((phase) -> entries.put(PHASE + phase.name(), phase.duration().toString()));
		return entries;
	}

	/**
	 * Read a report that a predecessor has sent. Entries that an older or newer library
	 * does not know are left out or skipped.
	 * @param entries what it has sent
	 * @param handoverGap the gap that the successor has measured
	 * @return the report
	 */
	public static RestartReport read(Map<String, String> entries, @Nullable Duration handoverGap) {
		List<RestartReport.Phase> phases = new ArrayList<>();
		entries.forEach((key, value) -> {
			if (key.startsWith(PHASE)) {
				phases.add(new RestartReport.Phase(key.substring(PHASE.length()), Duration.parse(value)));
			}
		});
		DrainSummary drained = new DrainSummary(number(entries, "drained.moved"), number(entries, "drained.told"),
				number(entries, "drained.finished"), number(entries, "drained.closed-idle"),
				number(entries, "drained.cut"));
		return RestartReport
			.of(entries.getOrDefault("trigger", "unknown"),
					named(RestartOutcome.class, entries.get("outcome"), RestartOutcome.COMPLETED))
			.generation((int) number(entries, "generation"))
			.predecessorPid(number(entries, "predecessor-pid"))
			.successorPid(entries.containsKey("successor-pid") ? number(entries, "successor-pid") : null)
			.startedAt(Instant.parse(entries.getOrDefault("started-at", Instant.EPOCH.toString())))
			.phases(phases)
			.drained(drained)
			.handoverGap(handoverGap)
			.launched(readLaunchedFiles(entries))
			.build();
	}

	/**
	 * A newer library may use a name that this one does not know.
	 */
	private static <E extends Enum<E>> E named(Class<E> type, @Nullable String name, E otherwise) {
		return Arrays.stream(type.getEnumConstants())
			.filter((constant) -> constant.name().equals(name))
			.findFirst()
			.orElse(otherwise);
	}

	private static long number(Map<String, String> entries, String key) {
		return Long.parseLong(entries.getOrDefault(key, "0"));
	}

	private static void write(LaunchedFiles files, Map<String, String> entries) {
		entries.put(APPLICATION + "path", files.path());
		entries.put(APPLICATION + "real-path", files.realPath());
		entries.put(APPLICATION + "count", String.valueOf(files.count()));
		entries.put(APPLICATION + "change", files.change().name());
		entries.put(APPLICATION + "changed", String.join(SEPARATOR, files.changed()));
		entries.put(APPLICATION + "since", files.since().toString());
	}

	private static @Nullable LaunchedFiles readLaunchedFiles(Map<String, String> entries) {
		String path = entries.get(APPLICATION + "path");
		if (path == null) {
			return null;
		}
		String changed = entries.getOrDefault(APPLICATION + "changed", "");
		return new LaunchedFiles(path, entries.getOrDefault(APPLICATION + "real-path", path),
				Integer.parseInt(entries.getOrDefault(APPLICATION + "count", "1")),
				named(Change.class, entries.get(APPLICATION + "change"), Change.CHANGED),
				changed.isEmpty() ? List.of() : List.of(changed.split(SEPARATOR)),
				Instant.parse(entries.getOrDefault(APPLICATION + "since", Instant.EPOCH.toString())));
	}

}
