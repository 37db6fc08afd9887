/**
 * The operator's view of restarts: the actuator endpoint {@code reload}, meters, and the
 * generation in the info endpoint. Internal.
 */
@NullMarked
package io.github.gracefulrestart.actuate;

import org.jspecify.annotations.NullMarked;
