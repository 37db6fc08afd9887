/**
 * What applications use: the {@link io.github.gracefulrestart.Restarter}, what it
 * reports, its events, and what an application may contribute. Everything else is
 * internal.
 */
@NullMarked
package io.github.gracefulrestart;

import org.jspecify.annotations.NullMarked;
