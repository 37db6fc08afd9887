/**
 * A restart, seen from the JVM that was launched for it: inherits, takes over, and serves
 * on when the predecessor is gone. Knows no web server, and nothing of what runs in the
 * predecessor. Internal.
 */
@NullMarked
package io.github.gracefulrestart.successor;

import org.jspecify.annotations.NullMarked;
