/**
 * Listening sockets by name, the gate that says whether this JVM takes connections from
 * one, and the listeners inherited from a predecessor. Internal.
 */
@NullMarked
package io.github.gracefulrestart.listener;

import org.jspecify.annotations.NullMarked;
