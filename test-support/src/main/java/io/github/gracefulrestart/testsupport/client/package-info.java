/**
 * HTTP clients of other people's making, with their pools and none of their retries.
 */
@NullMarked
package io.github.gracefulrestart.testsupport.client;

import org.jspecify.annotations.NullMarked;
