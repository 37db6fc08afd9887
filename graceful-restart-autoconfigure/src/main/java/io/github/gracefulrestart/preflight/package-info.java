/**
 * The checks before a successor is launched: one class for each, and the results as
 * values. They launch nothing and change nothing. Internal.
 */
@NullMarked
package io.github.gracefulrestart.preflight;

import org.jspecify.annotations.NullMarked;
