package io.github.gracefulrestart.handover;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a process can say and understand: a version of the protocol, and features beyond
 * it. Of two processes the newer one speaks the older one's version, with the features
 * that both have.
 *
 * @param version the version of the protocol
 * @param features names of what not every process that speaks this version can do
 */
public record Dialect(int version, List<String> features) {

	/**
	 * The newest version that this library speaks.
	 */
	static final int VERSION = 1;

	/**
	 * The oldest version that this library still speaks.
	 */
	static final int OLDEST = 1;

	/**
	 * The features of this library.
	 */
	static final List<String> FEATURES = List.of();

	/**
	 * What this library can.
	 */
	public static final Dialect OWN = new Dialect(VERSION, FEATURES);

	public Dialect {
		features = List.copyOf(features);
	}

	/**
	 * Read what a process says of itself.
	 * @param text the version and the features, with a space in front of each
	 * @return the dialect, with the first version and no features if there is no version
	 */
	public static Dialect parse(String text) {
		List<String> words = Stream.of(text.split(" ")).filter((word) -> !word.isEmpty()).toList();
		try {
			return new Dialect(Integer.parseInt(words.get(0)), words.subList(1, words.size()));
		}
		catch (IndexOutOfBoundsException | NumberFormatException ex) {
			return new Dialect(1, List.of());
		}
	}

	/**
	 * Return what two processes speak with each other. The other one is asked for this
	 * process's own version if it speaks only versions that this one has forgotten, and
	 * refuses that by name.
	 */
	Dialect with(Dialect other) {
		int common = Math.min(this.version, other.version);
		return new Dialect((common >= OLDEST) ? common : this.version,
				this.features.stream().filter(other.features::contains).toList());
	}

	/**
	 * Return whether this library speaks this version.
	 */
	boolean isSpoken() {
		return this.version >= OLDEST && this.version <= VERSION;
	}

	/**
	 * Return which versions this library speaks, for a message.
	 */
	static String spoken() {
		return (OLDEST == VERSION) ? "version " + VERSION : "versions " + OLDEST + " to " + VERSION;
	}

	/**
	 * Return what {@link #parse} understands.
	 */
	@Override
	public String toString() {
		return (this.version + " " + String.join(" ", this.features)).strip();
	}

}
