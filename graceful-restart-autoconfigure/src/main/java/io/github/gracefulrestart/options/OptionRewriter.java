package io.github.gracefulrestart.options;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.options.Collision.Kind;
import io.github.gracefulrestart.options.Collision.Remedy;
import io.github.gracefulrestart.options.launcher.Argument;
import io.github.gracefulrestart.options.launcher.FileNames;
import io.github.gracefulrestart.options.launcher.LauncherLine;
import io.github.gracefulrestart.options.launcher.LauncherLine.Role;
import io.github.gracefulrestart.options.launcher.LauncherRefusal;
import io.github.gracefulrestart.options.launcher.OptionText;
import io.github.gracefulrestart.options.launcher.OptionText.Syntax;
import io.github.gracefulrestart.options.launcher.OptionsFile;
import io.github.gracefulrestart.options.launcher.VmOptions;
import org.jspecify.annotations.Nullable;

/**
 * Changes the options that a successor cannot share with this JVM, wherever they are
 * written, and records each change. It always starts from the options that the operator
 * wrote, so that the file of generation 3 does not contain the number of generation 2.
 * <p>
 * Arguments are bytes; here each is one character.
 */
public final class OptionRewriter {

	private static final String LAUNCHER_VARIABLE = "JDK_JAVA_OPTIONS";

	/**
	 * The character for a byte that the charset of the platform does not know.
	 */
	private static final char UNKNOWN = '\uFFFD';

	private final CollisionRules rules;

	private final int generation;

	private final FileNames names;

	private final Path scratch;

	private final int release;

	private final List<Collision> collisions = new ArrayList<>();

	private final Map<Path, byte[]> files = new LinkedHashMap<>();

	private VmOptions options;

	/**
	 * Create a rewriter.
	 * @param rules what happens to options that collide
	 * @param generation the generation of the successor
	 * @param workingDirectory where the successor starts
	 * @param scratch where changed files with options are put
	 * @param charset in which arguments name files
	 * @param release the feature release of the successor's JDK
	 */
	public OptionRewriter(CollisionRules rules, int generation, Path workingDirectory, Path scratch, Charset charset,
			int release) {
		this.rules = rules;
		this.generation = generation;
		this.names = new FileNames(workingDirectory, charset);
		this.scratch = scratch;
		this.release = release;
		this.options = new VmOptions(List.of(), this.names);
	}

	/**
	 * Compute the options of the successor. Called once for each rewriter.
	 * @param arguments the arguments of the launcher, without the executable
	 * @param environment the environment of the successor
	 * @return its arguments and the changed variables of its environment
	 */
	public Rewriting rewrite(List<String> arguments, Map<String, String> environment) {
		String variable = environment.getOrDefault(LAUNCHER_VARIABLE, "");
		LauncherLine line = LauncherLine.read(arguments, this.names.bytes(variable), this.names, this.release);
		this.options = VmOptions.of(line, environment, this.names);
		Iterator<Role> roles = line.roles().iterator();
		Map<String, String> variables = new LinkedHashMap<>();
		List<@Nullable String> launcherOptions = arguments(line.variable(), roles, "in " + LAUNCHER_VARIABLE,
				isText(variable));
		change(LAUNCHER_VARIABLE, variable, launcherOptions, variables);
		LauncherRefusal refusal = line.refusal();
		for (String name : VmOptions.VARIABLES) {
			String value = environment.getOrDefault(name, "");
			OptionText text = OptionText.parse(this.names.bytes(value), Syntax.VARIABLE);
			if (text.hasUnmatchedQuote() && refusal == null) {
				refusal = LauncherRefusal.of("unmatched quote in environment variable " + name);
			}
			change(name, value, options(text.values(), "in " + name, isText(value)), variables);
		}
		agentVariables(environment, variables);
		return new Rewriting(arguments(line.arguments(), roles, "on the command line", true), variables, this.files,
				this.collisions, refusal);
	}

	private static boolean isText(String value) {
		return value.indexOf(UNKNOWN) < 0;
	}

	private void change(String name, String value, List<@Nullable String> replacements, Map<String, String> variables) {
		OptionText text = OptionText.parse(this.names.bytes(value), Syntax.VARIABLE);
		if (!replacements.equals(text.values())) {
			variables.put(name, this.names.text(text.with(replacements)));
		}
	}

	private void agentVariables(Map<String, String> environment, Map<String, String> variables) {
		VmOptions.AGENT_VARIABLES.forEach((name, prefix) -> {
			String value = environment.get(name);
			String option = (value != null) ? prefix + this.names.bytes(value) : "";
			String replacement = option(option, "in " + name, true);
			if (value != null && replacement != null && !replacement.equals(option)) {
				variables.put(name, this.names.text(replacement.substring(prefix.length())));
			}
		});
	}

	private List<@Nullable String> arguments(List<Argument> arguments, Iterator<Role> roles, String where,
			boolean changeable) {
		List<@Nullable String> result = new ArrayList<>();
		arguments.forEach((argument) -> result.add(argument(argument, roles, where, changeable)));
		return result;
	}

	private @Nullable String argument(Argument argument, Iterator<Role> roles, String where, boolean changeable) {
		Path file = argument.file();
		OptionText text = argument.text();
		boolean whole = text != null || argument.words().size() == 1;
		List<@Nullable String> words = new ArrayList<>();
		for (String word : argument.words()) {
			boolean option = roles.next() == Role.OPTION;
			words.add(option ? option(word, (file != null) ? "in " + file : where, changeable && whole) : word);
		}
		if (words.equals(argument.words())) {
			return argument.written();
		}
		if (text == null) {
			return words.get(0);
		}
		return (file != null) ? "@" + copy(text.with(words)) : text.with(words);
	}

	private List<@Nullable String> options(List<String> options, String where, boolean changeable) {
		List<@Nullable String> result = new ArrayList<>();
		options.forEach((option) -> result.add(option(option, where, changeable)));
		return result;
	}

	/**
	 * The JVM reads a file with options while it starts, so a changed copy can be deleted
	 * later.
	 */
	private String copy(String content) {
		Path copy = this.scratch.resolve("arguments-" + (this.files.size() + 1));
		this.files.put(copy, content.getBytes(StandardCharsets.ISO_8859_1));
		return this.names.bytes(copy.toString());
	}

	private @Nullable String option(String option, String where, boolean changeable) {
		OptionsFile kind = OptionsFile.of(option);
		if (kind != null) {
			return optionsFile(kind, option, changeable);
		}
		if (option.startsWith(ManagementFile.OPTION)) {
			return managementFile(option, changeable);
		}
		SharedOption shared = SharedOption.of(option, this.options);
		if (shared == null || (shared.kind() == Kind.FILE && !isForOneProcess(shared.resource()))) {
			return option;
		}
		String replacement = shared.shifted(this.generation);
		Remedy remedy = remedy(shared.kind(), changeable, replacement != null);
		this.collisions.add(new Collision(shared.kind(), remedy,
				CollisionMessage.of(shared, where, remedy, this.rules.of(shared.kind()),
						this.names.text(shared.resource()),
						(replacement != null) ? this.names.text(replacement) : "")));
		return switch (remedy) {
			case DROPPED -> shared.without();
			case SHIFTED -> (replacement != null) ? shared.with(replacement) : shared.without();
			default -> option;
		};
	}

	private Remedy remedy(Kind kind, boolean changeable, boolean movable) {
		return switch (this.rules.of(kind)) {
			case REFUSE -> Remedy.REFUSED;
			case KEEP -> Remedy.KEPT;
			case DROP -> changeable ? Remedy.DROPPED : unchangeable(kind);
			case SHIFT -> changeable ? (movable ? Remedy.SHIFTED : Remedy.DROPPED) : unchangeable(kind);
		};
	}

	/**
	 * A port that is in use ends the successor. A file that two processes write to is
	 * only a nuisance.
	 */
	private static Remedy unchangeable(Kind kind) {
		return (kind == Kind.FILE) ? Remedy.KEPT : Remedy.REFUSED;
	}

	/**
	 * Directories, in which each process creates files of its own, devices and pipes are
	 * not changed.
	 */
	private boolean isForOneProcess(String file) {
		Path path = this.names.resolve(file);
		return path != null && (!Files.exists(path) || Files.isRegularFile(path));
	}

	private String optionsFile(OptionsFile kind, String option, boolean changeable) {
		Path file = this.names.resolve(kind.name(option));
		OptionText text = kind.read(file);
		if (text == null) {
			return option;
		}
		List<@Nullable String> result = new ArrayList<>();
		options(kind.options(text), "in " + file, changeable).forEach((changed) -> result.add(kind.inFile(changed)));
		return result.equals(text.values()) ? option : kind.option(copy(text.with(result)));
	}

	private String managementFile(String option, boolean changeable) {
		Path file = this.names.resolve(option.substring(ManagementFile.OPTION.length()));
		try {
			String content = (file != null) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
			String changed = ManagementFile.rewrite(content, (port) -> option(port, "in " + file, changeable));
			return changed.equals(content) ? option : ManagementFile.OPTION + copy(changed);
		}
		catch (IOException ex) {
			return option;
		}
	}

}
