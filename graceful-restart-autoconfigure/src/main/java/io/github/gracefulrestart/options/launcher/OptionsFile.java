package io.github.gracefulrestart.options.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import io.github.gracefulrestart.options.launcher.OptionText.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * A file with options that the JVM reads, not the launcher.
 */
public enum OptionsFile {

	/** Options as in an environment variable. */
	VM_OPTIONS("-XX:VMOptionsFile=", Syntax.VARIABLE, ""),

	/** Flags without what makes them options on a command line. */
	FLAGS("-XX:Flags=", Syntax.SETTINGS, "-XX:");

	private final String option;

	private final Syntax syntax;

	/** The prefix that an option has on a command line but not in the file. */
	private final String prefix;

	OptionsFile(String option, Syntax syntax, String prefix) {
		this.option = option;
		this.syntax = syntax;
		this.prefix = prefix;
	}

	/**
	 * Return the kind of file that an option names.
	 * @param option the option
	 * @return the kind, or {@code null} if it names none
	 */
	public static @Nullable OptionsFile of(String option) {
		return Arrays.stream(values()).filter((kind) -> option.startsWith(kind.option)).findFirst().orElse(null);
	}

	public String name(String option) {
		return option.substring(this.option.length());
	}

	public String option(String name) {
		return this.option + name;
	}

	/**
	 * Read a file.
	 * @param file the file, or {@code null} if it cannot be found
	 * @return what is in it, or {@code null} if it cannot be read
	 */
	public @Nullable OptionText read(@Nullable Path file) {
		try {
			return (file != null) ? OptionText.parse(Files.readString(file, StandardCharsets.ISO_8859_1), this.syntax)
					: null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Return options as they are written on a command line.
	 * @param text what is in the file
	 * @return the options
	 */
	public List<String> options(OptionText text) {
		return text.values().stream().map((value) -> this.prefix + value).toList();
	}

	/**
	 * Return an option as it is written in the file.
	 * @param option the option as on a command line, or {@code null} for none
	 * @return the text for the file, or {@code null} for none
	 */
	public @Nullable String inFile(@Nullable String option) {
		return (option != null) ? option.substring(this.prefix.length()) : null;
	}

}
