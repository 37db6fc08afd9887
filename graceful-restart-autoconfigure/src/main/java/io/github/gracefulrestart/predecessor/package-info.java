/**
 * A restart in the JVM that was asked for it: launches the successor, hands over, decides
 * whether to roll back. Depends neither on a web server nor on the code that runs in the
 * successor. Internal.
 * <p>
 * Large on purpose: the stages of a restart decide together about its end, and the types
 * that they share can be package-private.
 */
@NullMarked
package io.github.gracefulrestart.predecessor;

import org.jspecify.annotations.NullMarked;
