/**
 * The parts that both roles of a JVM share: its state and events, the limits, and the
 * handling of unexpected errors. Internal.
 */
@NullMarked
package io.github.gracefulrestart.state;

import org.jspecify.annotations.NullMarked;
