package io.github.gracefulrestart.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.LaunchedFiles;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.RestartStatus;
import io.github.gracefulrestart.jars.ApplicationJars;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The response of the endpoint {@code reload} to a read request. The components of these
 * records are the properties of the JSON, which is flat so that it is easy to read with
 * jq or a dashboard. There are many, but each record is created in one place only.
 *
 * @param state the phase of this JVM
 * @param generation the generation of this JVM
 * @param pid this process
 * @param predecessorPid the predecessor while it still drains
 * @param successorPid the successor while a restart is under way
 * @param listeners the listeners that are open
 * @param connections the connections at this moment
 * @param application the files that this process was started from
 * @param supervisedBy who watches the process that the service was started as
 * @param lastRestart the last restart that this JVM performed or was created by
 */
public record ReloadDescriptor(String state, int generation, long pid, @Nullable Long predecessorPid,
		@Nullable Long successorPid, List<ListenerDescriptor> listeners, ConnectionsDescriptor connections,
		@Nullable ApplicationDescriptor application, @Nullable SupervisorDescriptor supervisedBy,
		@Nullable RestartDescriptor lastRestart) implements OperationResponseBody {

	static ReloadDescriptor of(RestartStatus status, @Nullable SupervisorDescriptor supervisor, boolean shown) {
		RestartReport last = status.lastReport();
		return new ReloadDescriptor(status.phase().label(), status.generation(), status.pid(), status.predecessorPid(),
				status.successorPid(), status.listeners().stream().map(ListenerDescriptor::of).toList(),
				ConnectionsDescriptor.of(status.connections()),
				ApplicationDescriptor.of(ApplicationJars.ofThisJvm().running()), supervisor,
				(last != null) ? RestartDescriptor.of(last, shown) : null);
	}

	/**
	 * Who watches the process that the service was started as.
	 *
	 * @param kind what is done therefore: {@code pid-file}, {@code keeper}, {@code none},
	 * or {@code unsuitable} if nothing helps
	 * @param name who it is
	 */
	public record SupervisorDescriptor(String kind, String name) {

	}

	/**
	 * One listener.
	 *
	 * @param name the name that it has in every generation
	 * @param address the address that clients connect to
	 * @param accepting whether this JVM takes connections from it
	 */
	public record ListenerDescriptor(String name, String address, boolean accepting) {

		private static ListenerDescriptor of(RestartStatus.ListenerState state) {
			return new ListenerDescriptor(state.name(), state.address(), state.accepting());
		}

	}

	/**
	 * The connections of this process.
	 *
	 * @param active connections with a request, part of one, or an answer on its way
	 * @param idle connections without
	 */
	public record ConnectionsDescriptor(int active, int idle) {

		private static ConnectionsDescriptor of(ConnectionCount count) {
			return new ConnectionsDescriptor(count.active(), count.idle());
		}

	}

	/**
	 * What happened to the connections of the predecessor, see {@link DrainSummary}.
	 *
	 * @param moved served by the successor since then
	 * @param told ended after their client had been told to go
	 * @param finished ended as they would have without a restart
	 * @param closedIdle closed without a request
	 * @param cut closed with a request
	 */
	public record FatesDescriptor(long moved, long told, long finished, long closedIdle, long cut) {

		private static FatesDescriptor of(DrainSummary drained) {
			return new FatesDescriptor(drained.moved(), drained.told(), drained.finished(), drained.closedIdle(),
					drained.cut());
		}

	}

	/**
	 * One restart.
	 *
	 * @param trigger the trigger
	 * @param outcome how it ended
	 * @param reason why, unless it completed
	 * @param detail the last message or output of the successor, if it failed
	 * @param generation the generation of the successor
	 * @param predecessorPid the process that was asked to restart
	 * @param successorPid the process that was launched
	 * @param startedAt when it was requested
	 * @param millis how long it took
	 * @param handoverGapMillis the time between the last connection that the predecessor
	 * took and the first that the successor took
	 * @param phases the phases in order
	 * @param connections what happened to the predecessor's connections
	 * @param application the files that the successor was started from
	 */
	public record RestartDescriptor(String trigger, String outcome, @Nullable String reason, @Nullable String detail,
			int generation, long predecessorPid, @Nullable Long successorPid, Instant startedAt, long millis,
			@Nullable Double handoverGapMillis, List<PhaseDescriptor> phases, FatesDescriptor connections,
			@Nullable ApplicationDescriptor application) implements OperationResponseBody {

		static RestartDescriptor of(RestartReport report, boolean shown) {
			Duration gap = report.handoverGap();
			return new RestartDescriptor(report.trigger(), report.outcome().label(), report.reason(),
					Detail.of(report.detail(), shown), report.generation(), report.predecessorPid(),
					report.successorPid(), report.startedAt(), report.duration().toMillis(),
					(gap != null) ? gap.toNanos() / 1e6 : null,
					report.phases().stream().map(PhaseDescriptor::of).toList(), FatesDescriptor.of(report.drained()),
					ApplicationDescriptor.of(report.launched()));
		}

	}

	/**
	 * The jars that a process was started from.
	 *
	 * @param path the jar, or the first entry of the class path, as it is named
	 * @param realPath where links led to
	 * @param jars how many there are in all
	 * @param change whether they are those of the process before, see
	 * {@link LaunchedFiles.Change}
	 * @param changed the new ones, at most a few
	 * @param since when their content was first started
	 */
	public record ApplicationDescriptor(String path, String realPath, int jars, String change, List<String> changed,
			Instant since) {

		private static @Nullable ApplicationDescriptor of(@Nullable LaunchedFiles files) {
			return (files != null) ? new ApplicationDescriptor(files.path(), files.realPath(), files.count(),
					files.change().label(), files.changed(), files.since()) : null;
		}

	}

	/**
	 * One phase of a restart.
	 *
	 * @param name the phase
	 * @param millis how long it took
	 */
	public record PhaseDescriptor(String name, long millis) {

		private static PhaseDescriptor of(RestartReport.Phase phase) {
			return new PhaseDescriptor(phase.name(), phase.duration().toMillis());
		}

	}

}
