/**
 * What asks for a restart from outside of the application: signals.
 */
@NullMarked
package io.github.gracefulrestart.trigger;

import org.jspecify.annotations.NullMarked;
