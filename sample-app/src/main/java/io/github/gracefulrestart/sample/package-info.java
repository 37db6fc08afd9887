/**
 * The application that tests and benchmarks restart: one endpoint for each kind of
 * connection that a restart could break, and switches that make a start go wrong.
 */
@NullMarked
package io.github.gracefulrestart.sample;

import org.jspecify.annotations.NullMarked;
