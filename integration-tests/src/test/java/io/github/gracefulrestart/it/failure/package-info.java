/**
 * Restarts that do not succeed: whoever dies, hangs or is told to stop, nothing is lost.
 * <p>
 * Large on purpose: all of them inject faults into the same service, and look at the same
 * traces of them.
 */
@NullMarked
package io.github.gracefulrestart.it.failure;

import org.jspecify.annotations.NullMarked;
