/**
 * Tomcat's part: an HTTP/1.1 NIO protocol whose server socket is a listener that may have
 * been inherited, and that drains without being paused. Internal.
 * <p>
 * Large on purpose: connection, endpoint, processor and protocol call each other, as
 * Tomcat's do, and what tells a client to go works on all four. In one package, none of
 * that is seen by anybody else.
 */
@NullMarked
package io.github.gracefulrestart.tomcat;

import org.jspecify.annotations.NullMarked;
