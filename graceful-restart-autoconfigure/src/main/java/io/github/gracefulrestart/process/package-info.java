/**
 * This JVM's own command line and how to launch the same again, and the launched
 * successor as a watched process with the tail of its output. Internal.
 * <p>
 * Large on purpose: what this JVM was started with is read by nothing but what launches
 * the same again.
 */
@NullMarked
package io.github.gracefulrestart.process;

import org.jspecify.annotations.NullMarked;
