package io.github.gracefulrestart.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A class that takes more than a minute and runs its tests one after the other. It is
 * among the first to be started, so that none is left alone in the end.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Lengthy {

}
