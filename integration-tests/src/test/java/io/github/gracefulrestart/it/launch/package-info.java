/**
 * What is launched: by the names, descriptors, variables and programs of operators.
 */
@NullMarked
package io.github.gracefulrestart.it.launch;

import org.jspecify.annotations.NullMarked;
