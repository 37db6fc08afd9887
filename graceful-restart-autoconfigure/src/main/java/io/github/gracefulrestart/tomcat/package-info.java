/**
 * Tomcat's part: an HTTP/1.1 NIO protocol whose server socket is a listener that may have
 * been inherited, and that drains without being paused.
 */
@NullMarked
package io.github.gracefulrestart.tomcat;

import org.jspecify.annotations.NullMarked;
