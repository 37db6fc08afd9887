package io.github.gracefulrestart;

import java.util.List;
import java.util.stream.Collectors;

import io.github.gracefulrestart.PreflightResult.Verdict;

/**
 * The results of all checks.
 *
 * @param results the results in the order of the checks
 * @since 0.1.0
 */
public record PreflightReport(List<PreflightResult> results) {

	/**
	 * Return whether a successor may be launched.
	 * @return whether no check refuses
	 */
	public boolean passed() {
		return this.results.stream().noneMatch((result) -> result.verdict().refuses());
	}

	/**
	 * Return whether the restart is refused because this process cannot restart at all.
	 * @return whether it cannot
	 */
	public boolean unavailable() {
		return this.results.stream().anyMatch((result) -> result.verdict() == Verdict.UNAVAILABLE);
	}

	/**
	 * Return why a restart is refused.
	 * @return the messages of all checks that refuse, empty if none does
	 */
	public String reason() {
		return this.results.stream()
			.filter((result) -> result.verdict().refuses())
			.map(PreflightResult::message)
			.collect(Collectors.joining("; "));
	}

}
