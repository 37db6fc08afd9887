/**
 * What both roles of a JVM share: the state of this JVM and its events, the limits, and
 * how to go on when something is thrown. Internal.
 */
@NullMarked
package io.github.gracefulrestart.state;

import org.jspecify.annotations.NullMarked;
