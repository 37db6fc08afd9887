package io.github.gracefulrestart.engine;

import io.github.gracefulrestart.listener.InheritedListeners;
import io.github.gracefulrestart.successor.PredecessorLink;
import org.jspecify.annotations.Nullable;

/**
 * Where an application context comes in the life of the service.
 *
 * @param generation the generation of this JVM
 * @param link the connection to the predecessor, or {@code null} if this context takes
 * over from nobody: in a first generation, and in a JVM in which another context has done
 * so
 */
public record Lineage(int generation, @Nullable PredecessorLink link) {

	/**
	 * That of a first generation.
	 */
	public static final Lineage FIRST = new Lineage(1, null);

	/**
	 * Return what this context takes over.
	 * @return the listeners of the predecessor, or {@code null} if it takes over from
	 * nobody
	 */
	public @Nullable InheritedListeners listeners() {
		return (this.link != null) ? this.link.listeners() : null;
	}

}
