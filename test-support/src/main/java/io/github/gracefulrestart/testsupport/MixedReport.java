package io.github.gracefulrestart.testsupport;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What happened in a {@link MixedLoad}.
 *
 * @param byName each load's report, by its name
 * @param total all of them as one
 */
public record MixedReport(Map<String, LoadReport> byName, LoadReport total) {

	/**
	 * Create a report.
	 * @param byName each load's report, by its name
	 * @param total all of them as one
	 */
	public MixedReport {
		byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
	}

	/**
	 * Return one load's report.
	 * @param name the name of the load
	 * @return its report
	 * @throws IllegalArgumentException if there is no such load
	 */
	public LoadReport get(String name) {
		LoadReport report = this.byName.get(name);
		if (report == null) {
			throw new IllegalArgumentException("No load '" + name + "' among " + this.byName.keySet());
		}
		return report;
	}

	@Override
	public String toString() {
		return this.byName.values().stream().map(LoadReport::toString).collect(Collectors.joining("\n"));
	}

}
