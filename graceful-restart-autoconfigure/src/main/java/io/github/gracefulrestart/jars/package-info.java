/**
 * The jars that this JVM runs from: copies that replace those that are overwritten, so
 * that every class can be read until the JVM ends. Internal.
 */
@NullMarked
package io.github.gracefulrestart.jars;

import org.jspecify.annotations.NullMarked;
