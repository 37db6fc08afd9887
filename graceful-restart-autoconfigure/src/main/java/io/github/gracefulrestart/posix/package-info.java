/**
 * The only place that calls native code: descriptors of channels, passing them between
 * processes, and the credentials of a peer. Depends on nothing but the JDK and JNR.
 * Internal.
 * <p>
 * Large on purpose: in one package, the native functions can be package-private.
 */
@NullMarked
package io.github.gracefulrestart.posix;

import org.jspecify.annotations.NullMarked;
