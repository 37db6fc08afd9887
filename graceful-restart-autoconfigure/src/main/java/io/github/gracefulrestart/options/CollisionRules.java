package io.github.gracefulrestart.options;

import io.github.gracefulrestart.options.Collision.Kind;

/**
 * What happens to JVM options that two JVMs cannot both have.
 *
 * @param ports the rule for ports, such as that of a debugger, and for ports and
 * directories of agents
 * @param files the rule for files, such as a GC log
 */
public record CollisionRules(CollisionRule ports, CollisionRule files) {

	/**
	 * A debugger or JMX on an unexpected port is worse than none; a log in another file
	 * is better than none.
	 */
	public static final CollisionRules DEFAULT = new CollisionRules(CollisionRule.DROP, CollisionRule.SHIFT);

	CollisionRule of(Kind kind) {
		return (kind == Kind.FILE) ? this.files : this.ports;
	}

}
