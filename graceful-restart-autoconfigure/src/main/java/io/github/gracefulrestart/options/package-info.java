/**
 * The arguments of a JVM as its launcher reads them: what they start, which files they
 * name, and which of them two JVMs cannot share. Internal.
 */
@NullMarked
package io.github.gracefulrestart.options;

import org.jspecify.annotations.NullMarked;
