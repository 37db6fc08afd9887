/**
 * The control socket between predecessor and successor: framed, versioned messages as
 * records, the end that listens and the connection that both ends use. Internal.
 */
@NullMarked
package io.github.gracefulrestart.handover;

import org.jspecify.annotations.NullMarked;
