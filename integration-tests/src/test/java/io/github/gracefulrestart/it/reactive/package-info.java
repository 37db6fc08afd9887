/**
 * A reactive application on Tomcat, replaced as a whole.
 */
package io.github.gracefulrestart.it.reactive;
