package io.github.gracefulrestart.options.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A command line of all that the launcher understands, and of much that it does not, put
 * together by chance.
 */
final class GeneratedLine {

	private static final List<List<String>> OPTIONS = List.of(List.of("-Dname=value"), List.of("-Dname=a b"),
			List.of("-Dname=it's \"quoted\" #1 \\n"), List.of("-ea"), List.of("-server"), List.of("-client"),
			List.of("-showversion"), List.of("--show-version"), List.of("-splash:none.png"), List.of("-cp", "."),
			List.of("-classpath", "classes:."), List.of("--class-path", "lib/*:."), List.of("--class-path=."),
			List.of("-cp", ""), List.of("-Djava.class.path=."), List.of("-p", "mods"), List.of("--module-path", "mods"),
			List.of("--module-path=mods"), List.of("--add-modules", "java.logging"),
			List.of("--add-modules=java.logging"), List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"),
			List.of("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"), List.of("-jar"), List.of("-jar"));

	private static final List<List<String>> ODD = List.of(List.of("-cp"), List.of("--module-path", ""),
			List.of("--add-modules="), List.of("-m"), List.of("--module="), List.of("-J-Xmx64m"), List.of("-"),
			List.of("-version"), List.of("--version"), List.of("--dry-run"), List.of("--list-modules"),
			List.of("--validate-modules"), List.of("-d", "java.base"), List.of("--describe-module=java.base"),
			List.of("-d"), List.of("-help"), List.of("-fullversion"), List.of("@"), List.of("@@args"),
			List.of("@missing"), List.of("-Xshare:dump", "-XX:SharedArchiveFile=none/none.jsa"), List.of("--source"),
			List.of("-p"));

	private static final List<List<String>> PROGRAMS = List.of(List.of("Main"), List.of("Main"), List.of("Main"),
			List.of("Main"), List.of("Main"), List.of("app.jar"), List.of("-jar", "app.jar"),
			List.of("-jar", "other.jar"), List.of("-jar", "other.jar"), List.of("-jar", "-Dx=y", "app.jar"),
			List.of("-jar", "--add-modules", "java.logging", "app.jar"), List.of("-p", "mods", "-m", "m"),
			List.of("-p", "mods", "--module", "m/m.Main"), List.of("--module-path=mods", "--module=m"),
			List.of("Nothing"), List.of("-jar", "missing.jar"), List.of(""), List.of());

	private static final List<List<String>> SOURCES = List.of(List.of("Source.java"),
			List.of("--source", "17", "Source.java"), List.of("--source=17", "Source.java"),
			List.of("--source 17 -Dx=y", "Source.java"), List.of("--source", "17", "-jar", "app.jar"),
			List.of("--source 17 -version", "Source.java"), List.of("Missing.java"));

	private static final List<String> ARGUMENTS = List.of("a", "-x", "-jar", "", "@args", "@@args", "b c", "--", "#",
			"-cp", "@missing");

	private static final List<String> SEPARATORS = List.of(" ", "\n", "\t", "\r\n", "\f", "  ", " # comment\n",
			"\n#'\n", "\n\n");

	private static final String CHAOS = "\"'\\# \n\tab-@";

	private final Random random;

	private final String name;

	private final Map<String, String> files = new TreeMap<>();

	private final List<String> arguments = new ArrayList<>();

	private String variable = "";

	GeneratedLine(String name, long seed) {
		this.random = new Random(seed);
		this.name = name;
		generate();
	}

	private void generate() {
		if (chance(30)) {
			this.variable = variable(options(2));
		}
		List<String> words = options(4);
		List<String> program = pick(chance(5) ? SOURCES : PROGRAMS);
		words.addAll(program);
		for (int i = this.random.nextInt(4); i > 0; i--) {
			words.add(pick(ARGUMENTS));
		}
		int position = 0;
		while (position < words.size()) {
			int length = Math.min(1 + this.random.nextInt(4), words.size() - position);
			List<String> part = words.subList(position, position + length);
			if (chance(25)) {
				this.arguments.add("@" + file(part));
			}
			else {
				this.arguments.addAll(part);
			}
			position += length;
		}
	}

	private List<String> options(int most) {
		List<String> words = new ArrayList<>();
		for (int i = this.random.nextInt(most + 1); i > 0; i--) {
			words.addAll(pick(chance(12) ? ODD : OPTIONS));
		}
		if (chance(4)) {
			words.add("--disable-@files");
		}
		return words;
	}

	private String variable(List<String> words) {
		StringBuilder text = new StringBuilder();
		if (chance(30)) {
			words = List.of("@" + file(words));
		}
		for (String word : words) {
			char quote = word.contains("'") ? '"' : '\'';
			boolean quoted = word.isEmpty() || word.contains(" ") || chance(20);
			text.append(quoted ? quote + word.replace("\"", "") + quote : word);
			text.append(chance(50) ? " " : "\t ");
		}
		return text + (chance(10) ? pick(List.of("Main", "'-Dx", "-jar", "-cp", "-m m", "'' ")) : "");
	}

	private String file(List<String> words) {
		StringBuilder text = new StringBuilder(chance(5) ? " ".repeat(4085 + this.random.nextInt(11)) : "");
		text.append(chance(20) ? "# first\n" : "");
		for (String word : words) {
			text.append(quoted(word)).append(pick(SEPARATORS));
		}
		if (chance(50)) {
			text.setLength(Math.max(0, text.length() - 1));
		}
		if (chance(15)) {
			for (int i = this.random.nextInt(12); i > 0; i--) {
				text.append(CHAOS.charAt(this.random.nextInt(CHAOS.length())));
			}
		}
		String file = this.name + "-" + (this.files.size() + 1);
		this.files.put(file, text.toString());
		return file;
	}

	private String quoted(String word) {
		boolean plain = !word.isEmpty() && word.chars().noneMatch((c) -> " \t\n\r\f\"'#\\".indexOf(c) >= 0);
		if (plain && chance(60)) {
			return word;
		}
		String quote = chance(50) ? "\"" : "'";
		int cut = this.random.nextInt(word.length() + 1);
		String first = escaped(word.substring(0, cut), quote);
		String second = escaped(word.substring(cut), quote);
		return quote + first + pick(List.of("", "", quote + quote, "\\\n   ", "\\\r\n\t")) + second + quote;
	}

	private static String escaped(String text, String quote) {
		return text.replace("\\", "\\\\").replace(quote, "\\" + quote).replace("\n", "\\n");
	}

	private boolean chance(int percent) {
		return this.random.nextInt(100) < percent;
	}

	private <T> T pick(List<T> values) {
		return values.get(this.random.nextInt(values.size()));
	}

	List<String> arguments() {
		return this.arguments;
	}

	String variable() {
		return this.variable;
	}

	Map<String, String> files() {
		return this.files;
	}

	@Override
	public String toString() {
		return this.arguments + ", JDK_JAVA_OPTIONS=" + this.variable + ", files " + this.files;
	}

}
