/**
 * Figures for the README: what clients see of a restart, and what the starter costs while
 * nobody restarts. Plain programs that print tables; nothing here passes or fails, except
 * the demonstration.
 */
@NullMarked
package io.github.gracefulrestart.benchmarks;

import org.jspecify.annotations.NullMarked;
