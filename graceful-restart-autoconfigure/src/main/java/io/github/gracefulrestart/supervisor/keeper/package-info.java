/**
 * Keeps the process id that a supervisor knows while generations follow each other.
 * Internal.
 */
@NullMarked
package io.github.gracefulrestart.supervisor.keeper;

import org.jspecify.annotations.NullMarked;
