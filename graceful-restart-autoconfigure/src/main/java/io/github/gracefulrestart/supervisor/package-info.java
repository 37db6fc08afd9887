/**
 * The parts that track which process is the service: the pid file, the detection of a
 * supervisor, and what the kernel is told for when memory runs out. Internal.
 */
@NullMarked
package io.github.gracefulrestart.supervisor;

import org.jspecify.annotations.NullMarked;
