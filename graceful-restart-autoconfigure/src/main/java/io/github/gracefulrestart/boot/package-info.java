/**
 * What Spring Boot's life of an application has to do with restarts: properties and their
 * checks, what begins before there is a context, when an application is ready, and when
 * it closes. Internal.
 */
@NullMarked
package io.github.gracefulrestart.boot;

import org.jspecify.annotations.NullMarked;
