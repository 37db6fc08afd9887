package io.github.gracefulrestart.options.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.github.gracefulrestart.options.launcher.Program.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Words are separated by space, a dot stands for an empty one.
 */
class LauncherLineTests {

	@TempDir
	Path directory;

	@BeforeEach
	void write() throws IOException {
		Files.createFile(this.directory.resolve("X.java"));
		Files.writeString(this.directory.resolve("options"), "# heap\n-Xmx1g '-Dx=a \\\n   b'");
		Files.writeString(this.directory.resolve("jar"), "-Dx=1 -jar");
		Files.writeString(this.directory.resolve("all"), "-cp lib Main one @options @@two");
		Files.writeString(this.directory.resolve("nested"), "-Dx=1 @options");
		Files.writeString(this.directory.resolve("value"), "-cp");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			-jar app.jar a -b                          | JAR    | app.jar   | a -b
			-jar -Dx=1 -Xmx1g app.jar                  | JAR    | app.jar   |
			-jar @options app.jar @options             | JAR    | app.jar   | @options
			-Dx=1 -jar --add-opens a/b=c app.jar       | JAR    | app.jar   |
			-cp lib -jar app.jar                       | JAR    | app.jar   |
			@jar app.jar                               | JAR    | app.jar   |
			@jar @options app.jar                      | JAR    | app.jar   |
			@all three                                 | CLASS  | Main      | one @options @@two three
			@nested app.jar                            | CLASS  | @options  | app.jar
			@value lib Main                            | CLASS  | Main      |
			-cp lib @options Main                      | CLASS  | Main      |
			@@all x                                    | CLASS  | @all      | x
			-cp lib @                                  | CLASS  | @         |
			--disable-@files @all x                    | CLASS  | @all      | x
			-cp . Main                                 | CLASS  | Main      |
			-classpath lib Main -cp x                  | CLASS  | Main      | -cp x
			--class-path=lib Main                      | CLASS  | Main      |
			--add-modules=a Main                       | CLASS  | Main      |
			-p mods -m m/m.Main -x @all                | MODULE | m/m.Main  | -x @all
			--module-path=mods --module=m a            | MODULE | m         | a
			X.java a                                   | SOURCE | X.java    | a
			-cp lib X.java                             | SOURCE | X.java    |
			--source 17 Y x                            | SOURCE | Y         | x
			Y.java                                     | CLASS  | Y.java    |
			-showversion -server -splash:x.png Main    | CLASS  | Main      |
			""")
	void findsWhatIsStarted(String line, Kind kind, String name, String arguments) {
		LauncherLine read = read(17, line);
		assertThat(read.refusal()).isNull();
		assertThat(read.program()).isEqualTo(new Program(kind, name, words((arguments != null) ? arguments : "")));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			-cp -Dx=1 Main              | -cp has no value
			-jar                        | no jar follows -jar
			-Dx=1                       | no jar, main class or module follows
			--module-path . Main        | --module-path has no value
			--add-modules= Main         | --add-modules has no value
			-m -x                       | -m has no value
			--source 17 -jar app.jar    | option -jar is not allowed with --source
			--source 17                 | no jar, main class or module follows
			-version Main               | option -version does not start an application
			--dry-run -jar app.jar      | option --dry-run does not start an application
			-d java.base Main           | option -d does not start an application
			--list-modules              | option --list-modules does not start an application
			-Xshare:dump -jar app.jar   | option -Xshare:dump does not start an application
			-J-Xmx1g Main               | option -J-Xmx1g is not an option of the launcher
			""")
	void refusesWhatTheLauncherRefuses(String line, String reason) {
		for (int release : List.of(17, 25)) {
			assertThat(read(release, line).refusal()).isEqualTo(LauncherRefusal.of(reason));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			-cp            | lib Main    |
			@options       | Main        |
			-cp .          | -jar        | no jar follows -jar
			-jar           | app.jar     | option -jar is not allowed in environment variable JDK_JAVA_OPTIONS
			@jar           | app.jar     | option -jar is not allowed in environment variable JDK_JAVA_OPTIONS
			@all           |             | a main class is not allowed in environment variable JDK_JAVA_OPTIONS
			Main           |             | a main class is not allowed in environment variable JDK_JAVA_OPTIONS
			-Dx='y         | Main        | unmatched quote in environment variable JDK_JAVA_OPTIONS
			""")
	void readsTheVariableInFront(String variable, String line, String reason) {
		LauncherLine read = LauncherLine.read(words((line != null) ? line : ""), variable, names(), 17);
		assertThat(read.refusal()).isEqualTo((reason != null) ? LauncherRefusal.of(reason) : null);
	}

	@Test
	void whenClassPathStandsBehindJarThenItDependsOnTheRelease() {
		String line = "-jar -cp lib app.jar";
		assertThat(read(23, line).program()).isEqualTo(new Program(Kind.CLASS, "app.jar", List.of()));
		assertThat(read(24, line).program()).isEqualTo(new Program(Kind.JAR, "app.jar", List.of()));
	}

	@Test
	void whenJarStandsAmongTheArgumentsOfAModuleThenItDependsOnTheRelease() {
		String line = "-p mods -m m/m.Main -jar -x a";
		assertThat(read(23, line).refusal()).isEqualTo(LauncherRefusal.of("with -jar, a must be a jar"));
		assertThat(read(24, line).refusal()).isNull();
		assertThat(read(17, "-m m/m.Main a -jar b").refusal()).isNull();
	}

	@Test
	void whenArgumentFileIsMissingThenItIsNamed() {
		LauncherRefusal refusal = read(17, "@none Main").refusal();
		assertThat(refusal).isNotNull();
		assertThat(refusal.missing()).isEqualTo(this.directory.resolve("none"));
	}

	private LauncherLine read(int release, String line) {
		return LauncherLine.read(words(line), "", names(), release);
	}

	private FileNames names() {
		return new FileNames(this.directory, StandardCharsets.UTF_8);
	}

	private static List<String> words(String line) {
		return Stream.of(line.split(" "))
			.filter((word) -> !word.isEmpty())
			.map((word) -> word.equals(".") ? "" : word)
			.toList();
	}

}
