/**
 * This JVM's own command line and how to launch the same again, and the launched
 * successor as a watched process with the tail of its output.
 */
@NullMarked
package io.github.gracefulrestart.process;

import org.jspecify.annotations.NullMarked;
