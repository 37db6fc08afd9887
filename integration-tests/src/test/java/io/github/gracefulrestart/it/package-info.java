/**
 * Real processes that are replaced while clients that never retry talk to them.
 */
@NullMarked
package io.github.gracefulrestart.it;

import org.jspecify.annotations.NullMarked;
