package io.github.gracefulrestart.handover;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a process can speak: a version of the protocol, and features beyond it. The newer
 * one of two processes speaks the version of the older one, with the features that both
 * have.
 *
 * @param version the version of the protocol
 * @param features names of optional features of this version
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
	 * The dialect of this library.
	 */
	public static final Dialect OWN = new Dialect(VERSION, FEATURES);

	public Dialect {
		features = List.copyOf(features);
	}

	/**
	 * Parse the dialect that a process announces.
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
	 * Return the dialect that two processes have in common. If the other process speaks
	 * only versions that this library no longer supports, this process uses its own
	 * version, and the other one refuses that with both versions in its reason.
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
