/**
 * A restart, seen from the JVM that was asked for it: launches the successor, hands over,
 * decides whether to roll back. Knows no web server, and nothing of what runs in the
 * successor. Internal.
 * <p>
 * Large on purpose: the stages of a restart decide together about its end, and none of
 * what they share is seen by anybody else.
 */
@NullMarked
package io.github.gracefulrestart.predecessor;

import org.jspecify.annotations.NullMarked;
