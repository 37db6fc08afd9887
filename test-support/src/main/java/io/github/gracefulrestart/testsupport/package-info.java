/**
 * What a test, a demonstration or a benchmark needs to watch a restart from outside: real
 * processes, clients that never retry, and load whose every request has exactly one
 * outcome.
 */
@NullMarked
package io.github.gracefulrestart.testsupport;

import org.jspecify.annotations.NullMarked;
