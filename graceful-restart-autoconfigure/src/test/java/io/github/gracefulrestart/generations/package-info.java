/**
 * Restarts in one JVM: both roles talk over a real control socket and hand over real
 * sockets, but nothing is launched.
 */
package io.github.gracefulrestart.generations;
