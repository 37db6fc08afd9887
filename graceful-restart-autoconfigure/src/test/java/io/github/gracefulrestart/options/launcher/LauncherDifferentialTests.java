package io.github.gracefulrestart.options.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import io.github.gracefulrestart.options.launcher.Program.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Gives command lines to real launchers and compares what they start with what is read
 * here. Each JDK that is installed reads each line.
 */
class LauncherDifferentialTests {

	private static final int LINES = Integer.getInteger("launcher.lines", 320);

	private static final long SEED = Long.getLong("launcher.seed", 20260115L);

	private static final Path INSTALLED = Path.of("/usr/lib/jvm");

	private static final List<Pattern> FAILURES = List.of(Pattern.compile("Could not find or load main class (.*)"),
			Pattern.compile("(?:Unable to access|Invalid or corrupt) jarfile (.*)"),
			Pattern.compile("trying to open file (.*)"), Pattern.compile("Module (\\S+) not found"),
			Pattern.compile("error: (?:source )?file not found: (.*)"));

	private static final Pattern UNKNOWN_TO_THE_JVM = Pattern.compile("Unrecognized option: (.*)");

	/** The launcher has accepted the command line, and the JVM rejects it. */
	private static final List<String> REFUSED_LATER = List.of("Error occurred during initialization of",
			"error: compilation failed");

	@TempDir
	static Path directory;

	@BeforeAll
	static void compile() throws IOException {
		String body = """
				public static void main(String[] args) {
					StringBuilder line = new StringBuilder("RAN %s ");
					line.append(hex(System.getProperty("java.class.path", "")));
					for (String arg : args) {
						line.append(' ').append(hex(arg));
					}
					System.out.println(line);
				}

				static String hex(String text) {
					return "x" + java.util.HexFormat.of().formatHex(text.getBytes());
				}
				""";
		write("Main.java", "public class Main { " + body.formatted("CLASS") + "}");
		write("jar/JarMain.java", "public class JarMain { " + body.formatted("JAR") + "}");
		write("module/m/Main.java", "package m; public class Main { " + body.formatted("MODULE") + "}");
		write("module/module-info.java", "module m { }");
		write("Source.java", "public class Source { " + body.formatted("SOURCE") + "}");
		write("args", "from a file");
		javac("-d", ".", "Main.java");
		javac("-d", "jar", "jar/JarMain.java");
		javac("-d", "module/classes", "module/module-info.java", "module/m/Main.java");
		Files.createDirectories(directory.resolve("mods"));
		java.util.spi.ToolProvider.findFirst("jar")
			.orElseThrow()
			.run(System.out, System.err, "--create", "--file", directory.resolve("mods/m.jar").toString(),
					"--main-class", "m.Main", "-C", directory.resolve("module/classes").toString(), ".");
		Files.delete(directory.resolve("Main.java"));
		Files.createDirectories(directory.resolve("lib"));
		jar("app.jar");
		jar("other.jar");
		jar("lib/some.jar");
	}

	private static void write(String file, String content) throws IOException {
		Path path = directory.resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, content);
	}

	private static void javac(String option, String output, String... files) {
		List<String> arguments = new ArrayList<>(
				List.of("--release", "17", option, directory.resolve(output).toString()));
		Stream.of(files).map((file) -> directory.resolve(file).toString()).forEach(arguments::add);
		assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
			.isZero();
	}

	private static void jar(String file) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "JarMain");
		try (OutputStream out = Files.newOutputStream(directory.resolve(file));
				JarOutputStream jar = new JarOutputStream(out, manifest)) {
			jar.putNextEntry(new JarEntry("JarMain.class"));
			jar.write(Files.readAllBytes(directory.resolve("jar/JarMain.class")));
		}
	}

	@Test
	void whenALauncherReadsALineThenItIsReadHereInTheSameWay() throws Exception {
		List<GeneratedLine> lines = IntStream.range(0, LINES)
			.mapToObj((i) -> new GeneratedLine("f" + i, SEED * 1_000_003L + i))
			.toList();
		for (GeneratedLine line : lines) {
			for (Map.Entry<String, String> file : line.files().entrySet()) {
				write(file.getKey(), file.getValue());
			}
		}
		ExecutorService executor = Executors.newFixedThreadPool(3);
		try {
			List<Future<Outcome>> outcomes = new ArrayList<>();
			for (Path home : homes()) {
				int release = JdkRelease.of(home.resolve("bin/java"));
				for (GeneratedLine line : lines) {
					// Up to a release that is not known, the JVM does not know this one
					if (release >= 21 || !line.toString().contains("--disable-@files")) {
						outcomes.add(executor.submit(() -> compare(line, home, release)));
					}
				}
			}
			List<String> differences = new ArrayList<>();
			Map<String, Integer> counts = new HashMap<>();
			for (Future<Outcome> outcome : outcomes) {
				Outcome result = outcome.get(2, TimeUnit.MINUTES);
				counts.merge(result.category(), 1, Integer::sum);
				if (result.difference() != null) {
					differences.add(result.difference());
				}
			}
			assertThat(differences).as("seed %s, %s", SEED, counts).isEmpty();
			// A generator whose lines are all refused would show nothing
			assertThat(counts).as("seed %s", SEED)
				.containsKeys("CLASS", "JAR", "MODULE", "SOURCE", "not found", "refused");
			assertThat(counts.get("CLASS") + counts.get("JAR")).as("seed %s, %s", SEED, counts)
				.isGreaterThan(outcomes.size() / 4);
			assertThat(counts.getOrDefault("refused later", 0)).as("seed %s, %s", SEED, counts)
				.isLessThan(outcomes.size() / 8);
			System.out.println("Launchers and parser agree on " + counts);
		}
		finally {
			executor.shutdownNow();
		}
	}

	/**
	 * The JDK of this JVM, and others that are installed beside it, each release once.
	 */
	private static List<Path> homes() throws IOException {
		Map<Integer, Path> homes = new HashMap<>();
		homes.put(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
		if (Files.isDirectory(INSTALLED)) {
			try (Stream<Path> installed = Files.list(INSTALLED)) {
				installed.sorted()
					.filter((home) -> Files.isExecutable(home.resolve("bin/java"))
							&& Files.isRegularFile(home.resolve("lib/modules"))
							&& Files.isRegularFile(home.resolve("release")))
					.forEach((home) -> homes.putIfAbsent(JdkRelease.of(home.resolve("bin/java")), home));
			}
		}
		return homes.entrySet().stream().filter((home) -> home.getKey() >= 17).map(Map.Entry::getValue).toList();
	}

	private static Outcome compare(GeneratedLine line, Path home, int release) throws Exception {
		LauncherLine read = LauncherLine.read(line.arguments(), line.variable(),
				new FileNames(directory, StandardCharsets.UTF_8), release);
		String output = run(line, home);
		Program started = started(output);
		Program program = (read.refusal() == null) ? read.program() : null;
		boolean later = program != null && started == null && isRefusedLater(read, output);
		boolean same = (started != null) ? isSame(read, program, started)
				: (later || program == null || program.name().split("/", 2)[0].equals(missing(output)));
		String category = (started != null) ? started.kind().name()
				: ((program != null) ? (later ? "refused later" : "not found") : "refused");
		return new Outcome(category, same ? null : "JDK " + release + ": " + line + "\n  was read as " + program + ", "
				+ read.refusal() + "\n  the launcher says\n" + output);
	}

	private static boolean isSame(LauncherLine read, @Nullable Program program, Program started) {
		if (program == null || program.kind() != started.kind()) {
			return false;
		}
		String classPath = read.paths().classPath();
		boolean sameName = switch (program.kind()) {
			case JAR -> program.name().equals(started.name());
			case CLASS -> program.name().equals("Main")
					&& ((classPath != null) ? classPath : ".").replace("lib/*", "lib/some.jar").equals(started.name());
			case MODULE -> program.name().startsWith("m");
			case SOURCE -> program.name().equals("Source.java");
		};
		return sameName && program.arguments().equals(started.arguments());
	}

	private static @Nullable String missing(String output) {
		return FAILURES.stream()
			.map((failure) -> failure.matcher(output))
			.filter(Matcher::find)
			.map((failure) -> failure.group(1))
			.findFirst()
			.orElse(null);
	}

	private static boolean isRefusedLater(LauncherLine read, String output) {
		Matcher unknown = UNKNOWN_TO_THE_JVM.matcher(output);
		FileNames names = new FileNames(directory, StandardCharsets.UTF_8);
		return unknown.find() ? VmOptions.of(read, Map.of(), names).all().contains(unknown.group(1))
				: REFUSED_LATER.stream().anyMatch(output::contains);
	}

	private static @Nullable Program started(String output) {
		for (String line : output.lines().toList()) {
			if (line.startsWith("RAN ")) {
				String[] words = line.split(" ");
				List<String> rest = Stream.of(words)
					.skip(2)
					.map((hex) -> new String(HexFormat.of().parseHex(hex.substring(1)), StandardCharsets.UTF_8))
					.toList();
				return new Program(Kind.valueOf(words[1]), rest.get(0), rest.subList(1, rest.size()));
			}
		}
		return null;
	}

	private static String run(GeneratedLine line, Path home) throws Exception {
		List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
		command.addAll(line.arguments());
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
		builder.environment().keySet().removeIf((name) -> name.contains("JAVA") || name.equals("CLASSPATH"));
		builder.environment()
			.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Xmx64m");
		if (!line.variable().isEmpty()) {
			builder.environment().put("JDK_JAVA_OPTIONS", line.variable());
		}
		Process process = builder.start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		return output;
	}

	/**
	 * What came of a line.
	 *
	 * @param category what the launcher did
	 * @param difference in what it was read differently, or {@code null} if in nothing
	 */
	private record Outcome(String category, @Nullable String difference) {

	}

}
