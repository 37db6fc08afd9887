/**
 * A restart in the JVM that was launched for it: inherits listeners, takes over, and
 * continues to serve when the predecessor is gone. Depends neither on a web server nor on
 * the code that runs in the predecessor. Internal.
 */
@NullMarked
package io.github.gracefulrestart.successor;

import org.jspecify.annotations.NullMarked;
