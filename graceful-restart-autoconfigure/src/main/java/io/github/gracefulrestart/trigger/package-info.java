/**
 * What asks for a restart from outside of the application: signals, and files that have
 * changed. Internal.
 */
@NullMarked
package io.github.gracefulrestart.trigger;

import org.jspecify.annotations.NullMarked;
