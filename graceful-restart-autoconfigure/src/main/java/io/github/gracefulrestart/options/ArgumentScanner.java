package io.github.gracefulrestart.options;

import java.util.Set;

/**
 * Tells the arguments of the JVM from those of the application, one after the other, as
 * the {@code java} launcher does.
 */
final class ArgumentScanner {

	private static final Set<String> WITH_VALUE = Set.of("-cp", "-classpath", "--class-path", "-p", "--module-path",
			"--upgrade-module-path", "--add-modules", "--limit-modules", "--add-exports", "--add-opens", "--add-reads",
			"--patch-module", "--enable-native-access", "--describe-module", "-d", "--source");

	private static final Set<String> CLASS_PATH = Set.of("-cp", "-classpath", "--class-path");

	private static final Set<String> MODULE_PATH = Set.of("-p", "--module-path");

	private static final Set<String> MODULE = Set.of("-m", "--module");

	private String previous = "";

	private boolean program;

	private boolean ended;

	private boolean files = true;

	/**
	 * Return what the next argument is.
	 */
	Role next(String argument) {
		if (this.ended) {
			return Role.APPLICATION;
		}
		String option = this.previous;
		this.previous = "";
		if (this.files && argument.length() > 1 && argument.charAt(0) == '@' && argument.charAt(1) != '@') {
			this.previous = option;
			return Role.ARGUMENT_FILE;
		}
		if (this.program) {
			this.ended = true;
			return Role.JAR;
		}
		if (!option.isEmpty()) {
			return value(option);
		}
		if (argument.equals("--disable-@files")) {
			this.files = false;
		}
		if (argument.equals("-jar")) {
			this.program = true;
		}
		else if (WITH_VALUE.contains(argument)) {
			this.previous = argument;
		}
		else if (!argument.startsWith("-") || MODULE.contains(argument) || argument.startsWith("--module=")) {
			this.ended = true;
			return Role.APPLICATION;
		}
		return Role.OPTION;
	}

	private static Role value(String option) {
		if (CLASS_PATH.contains(option)) {
			return Role.CLASS_PATH;
		}
		return MODULE_PATH.contains(option) ? Role.MODULE_PATH : Role.VALUE;
	}

	/**
	 * What an argument is.
	 */
	enum Role {

		/**
		 * An option of the launcher or the JVM.
		 */
		OPTION,

		/**
		 * A file with more arguments.
		 */
		ARGUMENT_FILE,

		/**
		 * The value of {@code -jar}.
		 */
		JAR,

		/**
		 * The value of {@code -cp}.
		 */
		CLASS_PATH,

		/**
		 * The value of {@code --module-path}.
		 */
		MODULE_PATH,

		/**
		 * The value of another option.
		 */
		VALUE,

		/**
		 * The main class or module, or what follows it: not for the JVM.
		 */
		APPLICATION

	}

}
