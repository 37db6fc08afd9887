package io.github.gracefulrestart.process;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How this JVM was started. This can be found out only early, before links are switched,
 * files replaced and descriptors closed.
 */
public final class LaunchOrigin {

	private final WorkingDirectory directory;

	private final OwnProgram program;

	private final InheritedDescriptors descriptors;

	private final boolean successor;

	LaunchOrigin(WorkingDirectory directory, OwnProgram program, InheritedDescriptors descriptors, boolean successor) {
		this.directory = directory;
		this.program = program;
		this.descriptors = descriptors;
		this.successor = successor;
	}

	/**
	 * Note which descriptors are open. To be called as early as possible, because later
	 * it is not known which code has opened them.
	 * @return what each refers to
	 */
	public static Map<Integer, String> openDescriptors() {
		return InheritedDescriptors.open();
	}

	/**
	 * Examine this JVM.
	 * @param early what was open early
	 * @param flag the flag of this JVM as a successor, or {@code null} if it is none
	 * @return the origin
	 */
	public static LaunchOrigin of(Map<Integer, String> early, @Nullable SuccessorFlag flag) {
		WorkingDirectory directory = WorkingDirectory.current();
		InheritedDescriptors descriptors = (flag != null) ? InheritedDescriptors.ofSuccessor(early,
				System.getenv(LaunchContract.INHERITED), System.getenv(LaunchContract.COMMAND) != null)
				: InheritedDescriptors.ofFirstGeneration(early);
		return new LaunchOrigin(directory, OwnProgram.current(directory.path(), flag != null), descriptors,
				flag != null);
	}

	WorkingDirectory directory() {
		return this.directory;
	}

	OwnProgram program() {
		return this.program;
	}

	InheritedDescriptors descriptors() {
		return this.descriptors;
	}

	/**
	 * Return whether the environment of this JVM is about its own launch.
	 */
	boolean successor() {
		return this.successor;
	}

}
