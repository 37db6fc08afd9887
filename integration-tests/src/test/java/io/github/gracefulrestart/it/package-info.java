/**
 * Real processes that are replaced while clients that never retry talk to them.
 * <p>
 * Large on purpose: beside its own tests, it has what the tests of all packages below
 * start services with.
 */
@NullMarked
package io.github.gracefulrestart.it;

import org.jspecify.annotations.NullMarked;
