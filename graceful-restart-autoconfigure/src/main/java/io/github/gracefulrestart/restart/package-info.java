/**
 * The restart itself: its phases, the two roles that a JVM plays in it, the report, the
 * events, and the interface through which a web server takes part. Knows no web server.
 */
@NullMarked
package io.github.gracefulrestart.restart;

import org.jspecify.annotations.NullMarked;
