package io.github.gracefulrestart.options;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.github.gracefulrestart.options.ArgumentScanner.Role;
import io.github.gracefulrestart.options.Collision.Kind;
import io.github.gracefulrestart.options.Collision.Remedy;
import io.github.gracefulrestart.options.OptionText.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * Changes the options of a successor that it cannot have in common with this JVM,
 * wherever they stand, and remembers what it has done. Always begins with what the
 * operator wrote, so that the file of generation 3 does not carry the number of
 * generation 2.
 * <p>
 * Arguments are bytes; here each is one character.
 *
 * @since 0.1.0
 */
public final class OptionRewriter {

	private static final String OPTIONS_FILE = "-XX:VMOptionsFile=";

	private static final String MANAGEMENT_FILE = "-Dcom.sun.management.config.file=";

	/**
	 * What the charset of the platform makes of a byte that it does not know.
	 */
	private static final char UNKNOWN = '\uFFFD';

	private final CollisionRules rules;

	private final int generation;

	private final Path workingDirectory;

	private final Path scratch;

	private final Charset charset;

	private final List<Collision> collisions = new ArrayList<>();

	private final Map<Path, byte[]> files = new LinkedHashMap<>();

	/**
	 * Create a rewriter.
	 * @param rules what happens to what collides
	 * @param generation the generation of the successor
	 * @param workingDirectory where the successor starts
	 * @param scratch where changed argument files are put
	 * @param charset in which arguments name files
	 */
	public OptionRewriter(CollisionRules rules, int generation, Path workingDirectory, Path scratch, Charset charset) {
		this.rules = rules;
		this.generation = generation;
		this.workingDirectory = workingDirectory;
		this.scratch = scratch;
		this.charset = charset;
	}

	/**
	 * Return what the successor gets.
	 * @param arguments the arguments of the launcher, without the executable
	 * @return one for each argument: the same, another, or {@code null} for none
	 */
	public List<@Nullable String> commandLine(List<String> arguments) {
		return launcherOptions(arguments, new ArgumentScanner(), "on the command line", true);
	}

	/**
	 * Return what the successor gets.
	 * @param name the name of an environment variable with options
	 * @param value its value
	 * @return the value for the successor
	 */
	public String variable(String name, String value) {
		String bytes = new String(value.getBytes(this.charset), StandardCharsets.ISO_8859_1);
		OptionText text = OptionText.parse(bytes, Syntax.VARIABLE);
		boolean changeable = value.indexOf(UNKNOWN) < 0;
		List<@Nullable String> options = name.startsWith("JDK_")
				? launcherOptions(text.values(), new ArgumentScanner(), "in " + name, changeable)
				: jvmOptions(text.values(), "in " + name, changeable);
		return options.equals(text.values()) ? value : text(text.with(options));
	}

	private List<@Nullable String> launcherOptions(List<String> arguments, ArgumentScanner scanner, String where,
			boolean changeable) {
		List<@Nullable String> result = new ArrayList<>();
		for (String argument : arguments) {
			Role role = scanner.next(argument);
			if (role == Role.OPTION) {
				result.add(option(argument, where, changeable));
			}
			else if (role == Role.ARGUMENT_FILE) {
				result.add(argumentFile(argument, scanner, changeable));
			}
			else {
				result.add(argument);
			}
		}
		return result;
	}

	private List<@Nullable String> jvmOptions(List<String> options, String where, boolean changeable) {
		List<@Nullable String> result = new ArrayList<>();
		options.forEach((option) -> result.add(option(option, where, changeable)));
		return result;
	}

	/**
	 * The launcher reads a file with arguments before the JVM starts, so a changed copy
	 * need not last.
	 */
	private String argumentFile(String argument, ArgumentScanner scanner, boolean changeable) {
		Path file = resolve(argument.substring(1));
		String content = (file != null) ? read(file) : null;
		if (content == null) {
			return argument;
		}
		OptionText text = OptionText.parse(content, Syntax.ARGUMENT_FILE);
		List<@Nullable String> options = new ArrayList<>();
		for (String value : text.values()) {
			// A file that is named in a file is not read
			boolean option = scanner.next(value) == Role.OPTION;
			options.add(option ? option(value, "in " + file, changeable) : value);
		}
		if (options.equals(text.values())) {
			return argument;
		}
		Path copy = this.scratch.resolve("arguments-" + (this.files.size() + 1));
		this.files.put(copy, text.with(options).getBytes(StandardCharsets.ISO_8859_1));
		return "@" + new String(copy.toString().getBytes(this.charset), StandardCharsets.ISO_8859_1);
	}

	private @Nullable String option(String option, String where, boolean changeable) {
		if (option.startsWith(OPTIONS_FILE)) {
			optionsFile(option.substring(OPTIONS_FILE.length()));
		}
		else if (option.startsWith(MANAGEMENT_FILE)) {
			managementFile(option.substring(MANAGEMENT_FILE.length()));
		}
		SharedOption shared = SharedOption.of(option);
		if (shared == null || (shared.kind() == Kind.FILE && !canBeShared(shared.resource()))) {
			return option;
		}
		Remedy remedy = remedy(shared.kind(), changeable);
		String replacement = shared.shifted(this.generation);
		this.collisions.add(new Collision(shared.kind(), remedy, CollisionMessage.of(shared, where, remedy,
				this.rules.of(shared.kind()), text(shared.resource()), text(replacement))));
		return switch (remedy) {
			case DROPPED -> null;
			case SHIFTED -> shared.with(replacement);
			default -> option;
		};
	}

	private Remedy remedy(Kind kind, boolean changeable) {
		return switch (this.rules.of(kind)) {
			case REFUSE -> Remedy.REFUSED;
			case KEEP -> Remedy.KEPT;
			case DROP -> changeable ? Remedy.DROPPED : unchangeable(kind);
			case SHIFT -> changeable ? Remedy.SHIFTED : unchangeable(kind);
		};
	}

	/**
	 * A port that is in use ends the successor; a file that two processes write to is a
	 * nuisance.
	 */
	private static Remedy unchangeable(Kind kind) {
		return (kind == Kind.PORT) ? Remedy.REFUSED : Remedy.KEPT;
	}

	/**
	 * A directory, in which each process makes files of its own, a device or a pipe.
	 */
	private boolean canBeShared(String file) {
		Path path = resolve(file);
		return path == null || !Files.exists(path) || Files.isRegularFile(path);
	}

	private void optionsFile(String name) {
		Path file = resolve(name);
		String content = (file != null) ? read(file) : null;
		if (content != null) {
			jvmOptions(OptionText.parse(content, Syntax.VARIABLE).values(), "in " + file, false);
		}
	}

	private void managementFile(String name) {
		Path file = resolve(name);
		if (file == null || !Files.isReadable(file)) {
			return;
		}
		Properties properties = new Properties();
		try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
			properties.load(reader);
		}
		catch (IOException | IllegalArgumentException ex) {
			return;
		}
		for (String port : List.of("com.sun.management.jmxremote.port", "com.sun.management.jmxremote.rmi.port")) {
			String value = properties.getProperty(port, "").strip();
			if (!value.isEmpty()) {
				option("-D" + port + "=" + value, "in " + file, false);
			}
		}
	}

	private @Nullable Path resolve(String name) {
		try {
			return this.workingDirectory.resolve(text(name));
		}
		catch (InvalidPathException ex) {
			return null;
		}
	}

	private String text(String bytes) {
		return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), this.charset);
	}

	private static @Nullable String read(Path file) {
		try {
			return Files.readString(file, StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Return what was found.
	 * @return what two JVMs cannot share, and what was done about it
	 */
	public List<Collision> collisions() {
		return List.copyOf(this.collisions);
	}

	/**
	 * Return what has to be written before the successor starts.
	 * @return files and their content
	 */
	public Map<Path, byte[]> files() {
		return this.files;
	}

}
