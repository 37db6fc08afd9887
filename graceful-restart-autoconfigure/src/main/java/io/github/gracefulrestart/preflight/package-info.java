/**
 * What is looked at before a successor is launched: one class for each check, and the
 * results as values. Launches nothing and changes nothing. Internal.
 */
@NullMarked
package io.github.gracefulrestart.preflight;

import org.jspecify.annotations.NullMarked;
