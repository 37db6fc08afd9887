/**
 * Triggers of a restart from outside the application: signals, and files that have
 * changed. Internal.
 */
@NullMarked
package io.github.gracefulrestart.trigger;

import org.jspecify.annotations.NullMarked;
