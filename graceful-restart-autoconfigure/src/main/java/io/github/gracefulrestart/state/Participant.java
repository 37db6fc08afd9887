package io.github.gracefulrestart.state;

import java.util.Arrays;

import io.github.gracefulrestart.RestartParticipant;

/**
 * A participant and how to call it in the log.
 *
 * @param name the name of the bean
 * @param target the bean
 */
public record Participant(String name, RestartParticipant target) {

	/**
	 * Return whether the participant implements a moment. No thread is started for a
	 * default method, which returns at once.
	 * @param moment the name of the method
	 * @return whether it has a method of its own
	 */
	boolean takesPartIn(String moment) {
		return Arrays.stream(this.target.getClass().getMethods())
			.anyMatch((method) -> method.getName().equals(moment)
					&& method.getDeclaringClass() != RestartParticipant.class);
	}

	@Override
	public String toString() {
		return "participant '" + this.name + "'";
	}

}
