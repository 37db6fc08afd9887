/**
 * What has to know which process is the service: the pid file. Internal.
 */
@NullMarked
package io.github.gracefulrestart.supervisor;

import org.jspecify.annotations.NullMarked;
