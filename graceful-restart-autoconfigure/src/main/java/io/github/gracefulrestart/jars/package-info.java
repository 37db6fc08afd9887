/**
 * The jars that this JVM runs from: copies that stand in for those that are overwritten,
 * so that every class can be read to the end. Internal.
 */
@NullMarked
package io.github.gracefulrestart.jars;

import org.jspecify.annotations.NullMarked;
