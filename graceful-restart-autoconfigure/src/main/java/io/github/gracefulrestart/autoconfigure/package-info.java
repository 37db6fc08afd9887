/**
 * Properties, conditions and beans: wires the other packages together and contains no
 * logic of its own. Internal.
 */
@NullMarked
package io.github.gracefulrestart.autoconfigure;

import org.jspecify.annotations.NullMarked;
