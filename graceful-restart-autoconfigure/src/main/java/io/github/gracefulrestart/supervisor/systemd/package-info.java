/**
 * The information that systemd and a service exchange, see systemd.service(5) and
 * sd_notify(3). Internal.
 */
@NullMarked
package io.github.gracefulrestart.supervisor.systemd;

import org.jspecify.annotations.NullMarked;
