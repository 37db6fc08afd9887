/**
 * A restart, seen from the JVM that was asked for it: launches the successor, hands over,
 * decides whether to roll back. Knows no web server, and nothing of what runs in the
 * successor. Internal.
 */
@NullMarked
package io.github.gracefulrestart.predecessor;

import org.jspecify.annotations.NullMarked;
