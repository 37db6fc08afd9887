package io.github.gracefulrestart.options.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import io.github.gracefulrestart.options.launcher.LauncherLine.Role;
import io.github.gracefulrestart.options.launcher.Program.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Takes the words of a command line in the order of the launcher ({@code ParseArguments}
 * in {@code java.c} of OpenJDK).
 */
final class LauncherReader {

	/**
	 * In earlier releases, a class path after {@code -jar} turns the jar into a class
	 * name, and the first word that is no option is opened as a jar wherever {@code
	 * -jar} is, even among the arguments of a module.
	 */
	private static final int JAR_STAYS_JAR = 24;

	private static final String CLASS_PATH_PROPERTY = "-Djava.class.path=";

	private final List<String> words;

	private final boolean jarStaysJar;

	private final Predicate<String> source;

	private final Predicate<String> archive;

	private final List<Role> roles = new ArrayList<>();

	private final List<String> modulePaths = new ArrayList<>();

	private @Nullable Kind kind;

	private @Nullable String ending;

	private @Nullable String classPath;

	private @Nullable Program program;

	private @Nullable LauncherRefusal refusal;

	/**
	 * Create a reader.
	 * @param words the words after argument files have been expanded
	 * @param release the feature release of the JDK
	 * @param source tells whether a word names a source file that exists
	 * @param archive tells whether a word names an archive that can be opened
	 */
	LauncherReader(List<String> words, int release, Predicate<String> source, Predicate<String> archive) {
		this.words = words;
		this.jarStaysJar = release >= JAR_STAYS_JAR;
		this.source = source;
		this.archive = archive;
	}

	void read() {
		while (nextIsOption()) {
			if (!readOption(take(Role.OPTION))) {
				break;
			}
		}
		if (this.program == null && this.refusal == null) {
			start();
		}
		while (hasNext()) {
			take(Role.APPLICATION);
		}
	}

	private boolean hasNext() {
		return this.roles.size() < this.words.size();
	}

	private boolean nextIsOption() {
		return hasNext() && this.words.get(this.roles.size()).startsWith("-");
	}

	private String take(Role role) {
		this.roles.add(role);
		return this.words.get(this.roles.size() - 1);
	}

	/**
	 * Return whether the launcher continues to read.
	 */
	private boolean readOption(String word) {
		int equals = word.startsWith("--") ? word.indexOf('=') : -1;
		String name = (equals < 0) ? word : word.substring(0, equals);
		String value = (equals < 0) ? null : word.substring(equals + 1);
		if (LauncherWords.takesNext(word) && hasNext() && !nextIsOption()) {
			value = take(Role.VALUE);
		}
		if (word.equals("-jar")) {
			return readJar();
		}
		if (LauncherWords.MODULE.contains(name)) {
			return readModule(name, value);
		}
		if (name.equals("--source")) {
			this.kind = Kind.SOURCE;
			return hasValue(name, value);
		}
		if (LauncherWords.CLASS_PATH.contains(name)) {
			this.classPath = value;
			this.kind = (this.jarStaysJar || this.kind == Kind.SOURCE) ? this.kind : Kind.CLASS;
			return value != null || refuse(name + " has no value");
		}
		if (LauncherWords.DESCRIBE.contains(name)) {
			this.ending = name;
			return value != null || refuse(name + " has no value");
		}
		if (LauncherWords.needsValue(word) || (equals >= 0 && LauncherWords.needsValueBehindEquals(name))) {
			if (name.endsWith("-path") || name.equals("-p")) {
				this.modulePaths.add((value != null) ? value : "");
			}
			return hasValue(name, value);
		}
		return readWord(word);
	}

	private boolean readWord(String word) {
		if (LauncherWords.endsAtOnce(word)) {
			return refuse("option " + word + " does not start an application");
		}
		if (word.startsWith("-J") || word.equals("-")) {
			return refuse("option " + word + " is not an option of the launcher");
		}
		if (LauncherWords.endsLater(word)) {
			this.ending = word;
		}
		if (word.startsWith(CLASS_PATH_PROPERTY)) {
			this.classPath = word.substring(CLASS_PATH_PROPERTY.length());
		}
		return true;
	}

	private boolean readJar() {
		if (this.kind == Kind.SOURCE) {
			return refuse("option -jar is not allowed with --source");
		}
		this.kind = Kind.JAR;
		return hasNext() || refuse("no jar follows -jar");
	}

	private boolean readModule(String name, @Nullable String value) {
		if (!hasValue(name, value) || value == null) {
			return false;
		}
		if (this.kind == Kind.SOURCE) {
			return refuse("option " + name + " is not allowed with --source");
		}
		this.kind = Kind.MODULE;
		program(value);
		return false;
	}

	private void start() {
		if (hasNext()) {
			String word = take(Role.APPLICATION);
			if (this.kind == null || this.kind == Kind.CLASS) {
				this.kind = this.source.test(word) ? Kind.SOURCE : Kind.CLASS;
			}
			program(word);
		}
		else if (this.ending != null) {
			refuse("option " + this.ending + " does not start an application");
		}
		else {
			refuse("no jar, main class or module follows");
		}
	}

	private void program(String name) {
		List<String> rest = this.words.subList(this.roles.size(), this.words.size());
		Kind found = (this.kind != null) ? this.kind : Kind.CLASS;
		this.program = new Program(found, name, List.copyOf(rest));
		if (this.ending != null) {
			refuse("option " + this.ending + " does not start an application");
		}
		else if (!this.jarStaysJar && (found == Kind.SOURCE || found == Kind.MODULE)) {
			String opened = openedAsJar();
			if (opened != null && !this.archive.test(opened)) {
				refuse("with -jar, " + opened + " must be a jar");
			}
		}
	}

	private @Nullable String openedAsJar() {
		boolean jar = false;
		int position = 0;
		while (position < this.words.size() && this.words.get(position).startsWith("-")) {
			String word = this.words.get(position);
			jar |= word.equals("-jar");
			position++;
			boolean value = position < this.words.size() && !this.words.get(position).startsWith("-");
			position += (value && LauncherWords.takesNext(word)) ? 1 : 0;
		}
		return (jar && position < this.words.size()) ? this.words.get(position) : null;
	}

	private boolean hasValue(String name, @Nullable String value) {
		return (value != null && !value.isEmpty()) || refuse(name + " has no value");
	}

	private boolean refuse(String reason) {
		this.refusal = LauncherRefusal.of(reason);
		return false;
	}

	List<Role> roles() {
		return List.copyOf(this.roles);
	}

	List<String> modulePaths() {
		return List.copyOf(this.modulePaths);
	}

	@Nullable String classPath() {
		return this.classPath;
	}

	@Nullable Program program() {
		return this.program;
	}

	@Nullable LauncherRefusal refusal() {
		return this.refusal;
	}

}
