package io.github.gracefulrestart.options.launcher;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * An argument of the launcher, and the words that the launcher makes of it: itself, or
 * those of a file that it names.
 *
 * @param written the argument
 * @param words what it stands for
 * @param text where the words are written, or {@code null} if the argument is the word
 * @param file the file that this text is in, or {@code null} for the argument itself
 */
public record Argument(String written, List<String> words, @Nullable OptionText text, @Nullable Path file) {

	static Argument of(String written, String word) {
		return new Argument(written, List.of(word), null, null);
	}

}
