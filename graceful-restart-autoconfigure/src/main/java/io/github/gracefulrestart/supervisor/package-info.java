/**
 * What has to know which process is the service: the pid file, and the kernel where
 * memory runs out. Internal.
 */
@NullMarked
package io.github.gracefulrestart.supervisor;

import org.jspecify.annotations.NullMarked;
