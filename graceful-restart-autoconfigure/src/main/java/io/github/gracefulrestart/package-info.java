/**
 * What applications use: the {@link io.github.gracefulrestart.Restarter}, what it
 * reports, its events, and what an application may contribute. Everything else is
 * internal.
 * <p>
 * Large on purpose: an application imports from one package, and sees in it all that it
 * may use.
 */
@NullMarked
package io.github.gracefulrestart;

import org.jspecify.annotations.NullMarked;
