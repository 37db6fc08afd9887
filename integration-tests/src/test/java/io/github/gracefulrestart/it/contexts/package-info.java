/**
 * Several application contexts in one JVM, one after the other and at the same time, and
 * what else listens there.
 */
package io.github.gracefulrestart.it.contexts;
