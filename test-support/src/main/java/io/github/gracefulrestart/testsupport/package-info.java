/**
 * What a test, a demonstration or a benchmark needs to watch a restart from outside: real
 * processes, clients that never retry, and load whose every request has exactly one
 * outcome.
 * <p>
 * Large on purpose: what a client makes of the end of a connection, the load that counts
 * it and the process that caused it are checked against each other, and share what reads
 * and writes bytes ({@code Wire}, {@code ResponseParser}, {@code ProcFs}). In one
 * package, none of that is seen by any test.
 */
@NullMarked
package io.github.gracefulrestart.testsupport;

import org.jspecify.annotations.NullMarked;
