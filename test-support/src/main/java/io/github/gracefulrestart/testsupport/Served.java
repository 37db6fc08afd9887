package io.github.gracefulrestart.testsupport;

/**
 * What one process did under a load.
 *
 * @param answers the number of complete answers
 * @param first when it gave the first, by {@link System#nanoTime()}
 * @param last when it gave the last, by {@link System#nanoTime()}
 */
public record Served(long answers, long first, long last) {

	Served and(long ended) {
		return new Served(this.answers + 1, Math.min(this.first, ended), Math.max(this.last, ended));
	}

}
