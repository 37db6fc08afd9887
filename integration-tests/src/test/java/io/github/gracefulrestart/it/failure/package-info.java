/**
 * Restarts that do not succeed: whoever dies, hangs or is told to stop, nothing is lost.
 */
@NullMarked
package io.github.gracefulrestart.it.failure;

import org.jspecify.annotations.NullMarked;
