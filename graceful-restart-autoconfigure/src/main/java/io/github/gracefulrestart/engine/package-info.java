/**
 * The engine behind the {@link io.github.gracefulrestart.Restarter}: starts one restart
 * at a time, and ends this JVM when another one serves. Internal.
 */
@NullMarked
package io.github.gracefulrestart.engine;

import org.jspecify.annotations.NullMarked;
