/**
 * What a restart does to connections that are open: those that can move to the successor
 * move, and the others end in the way their protocol has for it.
 */
package io.github.gracefulrestart.it.migration;
