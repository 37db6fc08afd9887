package io.github.gracefulrestart.options.launcher;

import java.util.Set;

/**
 * The words that the {@code java} launcher knows itself. All others that begin with a
 * dash are for the JVM.
 */
final class LauncherWords {

	static final Set<String> CLASS_PATH = Set.of("-cp", "-classpath", "--class-path");

	static final Set<String> MODULE = Set.of("-m", "--module");

	static final Set<String> DESCRIBE = Set.of("-d", "--describe-module");

	private static final Set<String> MODULE_PATHS = Set.of("-p", "--module-path", "--upgrade-module-path");

	private static final Set<String> MODULE_OPTIONS = Set.of("--add-modules", "--enable-native-access",
			"--limit-modules", "--add-exports", "--add-opens", "--add-reads", "--patch-module");

	/** Options that print something and exit, whatever follows. */
	private static final Set<String> END_AT_ONCE = Set.of("-help", "-h", "-?", "--help", "-version", "--version", "-X",
			"--help-extra", "-fullversion", "--full-version");

	/** Options that exit without an application, after the rest has been read. */
	private static final Set<String> END_LATER = Set.of("--list-modules", "--validate-modules", "--dry-run",
			"-Xshare:dump");

	private LauncherWords() {
	}

	/**
	 * Whether the value of an option is the next word.
	 */
	static boolean takesNext(String word) {
		return CLASS_PATH.contains(word) || MODULE.contains(word) || DESCRIBE.contains(word) || word.equals("--source")
				|| needsValue(word);
	}

	/**
	 * Whether an option is one of the module system that the JVM gets with its value.
	 */
	static boolean needsValue(String word) {
		return MODULE_PATHS.contains(word) || MODULE_OPTIONS.contains(word);
	}

	/**
	 * Whether the launcher refuses an option of the form {@code --name=} without a value.
	 */
	static boolean needsValueBehindEquals(String name) {
		return name.startsWith("--") && needsValue(name) && !name.equals("--add-opens");
	}

	static boolean endsAtOnce(String word) {
		return END_AT_ONCE.contains(word);
	}

	static boolean endsLater(String word) {
		return END_LATER.contains(word);
	}

	/**
	 * Whether an option may not stand where no application can be named: in a variable or
	 * in the first line of a script.
	 */
	static boolean isTerminal(String word) {
		return word.equals("-jar") || MODULE.contains(word) || word.startsWith("--module=") || word.equals("--dry-run")
				|| endsAtOnce(word);
	}

}
