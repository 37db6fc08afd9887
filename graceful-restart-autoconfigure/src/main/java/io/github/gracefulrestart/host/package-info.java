/**
 * What a web server implements to take part in a restart, and the drain of what it has
 * accepted. Knows no web server. Internal.
 */
@NullMarked
package io.github.gracefulrestart.host;

import org.jspecify.annotations.NullMarked;
