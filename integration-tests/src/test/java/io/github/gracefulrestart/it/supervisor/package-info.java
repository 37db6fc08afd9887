/**
 * Services under the supervisors that end them, restart them and ask how they are: the
 * real ones.
 */
@NullMarked
package io.github.gracefulrestart.it.supervisor;

import org.jspecify.annotations.NullMarked;
