package io.github.gracefulrestart.engine;

import io.github.gracefulrestart.listener.InheritedListeners;
import io.github.gracefulrestart.successor.PredecessorLink;
import org.jspecify.annotations.Nullable;

/**
 * The place of an application context in the sequence of generations.
 *
 * @param generation the generation of this JVM
 * @param link the connection to the predecessor, or {@code null} if this context has no
 * predecessor to take over from: in a first generation, and in a JVM in which another
 * context has taken over
 */
public record Lineage(int generation, @Nullable PredecessorLink link) {

	/**
	 * The lineage of a first generation.
	 */
	public static final Lineage FIRST = new Lineage(1, null);

	/**
	 * Return the listeners that this context takes over.
	 * @return the listeners of the predecessor, or {@code null} if there is none
	 */
	public @Nullable InheritedListeners listeners() {
		return (this.link != null) ? this.link.listeners() : null;
	}

}
