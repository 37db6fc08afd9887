/**
 * What asks for a restart from outside of the application: signals. Internal.
 */
@NullMarked
package io.github.gracefulrestart.trigger;

import org.jspecify.annotations.NullMarked;
