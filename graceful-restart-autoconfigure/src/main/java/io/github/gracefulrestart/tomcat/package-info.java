/**
 * Tomcat's part: an HTTP/1.1 NIO protocol whose server socket is a listener that may have
 * been inherited, and that drains without being paused. Internal.
 * <p>
 * Large on purpose: connection, endpoint, processor and protocol call each other, as
 * Tomcat's do, and the code that tells clients to go works on all four. In one package,
 * these types can be package-private.
 */
@NullMarked
package io.github.gracefulrestart.tomcat;

import org.jspecify.annotations.NullMarked;
