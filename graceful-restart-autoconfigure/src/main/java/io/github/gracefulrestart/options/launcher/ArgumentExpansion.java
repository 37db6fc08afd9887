package io.github.gracefulrestart.options.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.options.launcher.OptionText.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * Reads argument files as the launcher does: before it interprets options, and up to the
 * word that could be the main class. That word is not always the main class that the
 * launcher starts in the end.
 */
final class ArgumentExpansion {

	private final FileNames files;

	private boolean valueExpected;

	private boolean programSeen;

	private boolean filesDisabled;

	private @Nullable LauncherRefusal refusal;

	ArgumentExpansion(FileNames files) {
		this.files = files;
	}

	/**
	 * Read the options of a variable.
	 * @param name its name
	 * @param text what is in it
	 * @return the arguments
	 */
	List<Argument> variable(String name, OptionText text) {
		if (text.hasUnmatchedQuote()) {
			refuse("unmatched quote in environment variable " + name);
		}
		return optionsOnly(text.values(), "environment variable " + name);
	}

	/**
	 * Read arguments.
	 * @param written as they are written
	 * @return the arguments
	 */
	List<Argument> commandLine(List<String> written) {
		List<Argument> result = new ArrayList<>();
		for (String argument : written) {
			boolean open = !this.programSeen && !this.filesDisabled;
			if (open && argument.startsWith("--source") && argument.indexOf(' ') >= 0) {
				OptionText text = OptionText.parse(argument, Syntax.WORDS);
				List<String> words = optionsOnly(text.values(), "an argument that begins with --source").stream()
					.flatMap((part) -> part.words().stream())
					.toList();
				// The words of a file cannot be written back into one argument
				boolean same = words.equals(text.values());
				result.add(new Argument(argument, words, same ? text : null, null));
			}
			else {
				result.add(expand(argument));
			}
		}
		return result;
	}

	@Nullable LauncherRefusal refusal() {
		return this.refusal;
	}

	private List<Argument> optionsOnly(List<String> written, String where) {
		List<Argument> result = new ArrayList<>();
		for (String option : written) {
			Argument argument = expand(option);
			argument.words()
				.stream()
				.filter(LauncherWords::isTerminal)
				.findFirst()
				.ifPresent((word) -> refuse("option " + word + " is not allowed in " + where));
			if (this.programSeen) {
				refuse("a main class is not allowed in " + where);
			}
			result.add(argument);
		}
		return result;
	}

	private Argument expand(String argument) {
		if (this.programSeen) {
			return Argument.of(argument, argument);
		}
		if (this.filesDisabled || argument.length() < 2 || argument.charAt(0) != '@') {
			see(argument);
			return Argument.of(argument, argument);
		}
		if (argument.charAt(1) == '@') {
			see(argument.substring(1));
			return Argument.of(argument, argument.substring(1));
		}
		return expandFile(argument);
	}

	private Argument expandFile(String argument) {
		Path file = this.files.resolve(argument.substring(1));
		if (file == null) {
			// The file may exist although its name is not valid text in this locale
			return new Argument(argument, List.of(), null, null);
		}
		try {
			OptionText text = OptionText.parse(Files.readString(file, StandardCharsets.ISO_8859_1),
					Syntax.ARGUMENT_FILE);
			text.values().forEach(this::see);
			return new Argument(argument, text.values(), text, file);
		}
		catch (IOException ex) {
			if (this.refusal == null) {
				this.refusal = new LauncherRefusal("cannot read the argument file " + file, file);
			}
			return new Argument(argument, List.of(), null, file);
		}
	}

	private void see(String word) {
		if (word.startsWith("-")) {
			this.valueExpected = LauncherWords.takesNext(word) && !LauncherWords.MODULE.contains(word);
			this.filesDisabled |= word.equals("--disable-@files");
			this.programSeen |= word.startsWith("--module=");
		}
		else {
			this.programSeen |= !this.valueExpected;
			this.valueExpected = false;
		}
	}

	private void refuse(String reason) {
		if (this.refusal == null) {
			this.refusal = LauncherRefusal.of(reason);
		}
	}

}
