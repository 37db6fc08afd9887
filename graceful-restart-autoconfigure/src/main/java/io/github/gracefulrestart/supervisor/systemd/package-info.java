/**
 * What systemd tells a service and is told by it, see systemd.service(5) and
 * sd_notify(3). Internal.
 */
@NullMarked
package io.github.gracefulrestart.supervisor.systemd;

import org.jspecify.annotations.NullMarked;
