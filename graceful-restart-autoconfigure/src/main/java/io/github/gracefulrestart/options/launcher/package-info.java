/**
 * Reads the arguments of a JVM as its launcher does: what is an option, which files are
 * read for more, and what is started. Internal.
 */
@NullMarked
package io.github.gracefulrestart.options.launcher;

import org.jspecify.annotations.NullMarked;
