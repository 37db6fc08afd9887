package io.github.gracefulrestart.options;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.options.Collision.Kind;
import io.github.gracefulrestart.options.Collision.Remedy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class OptionRewriterTests {

	private static final String DEBUGGER = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5005";

	private static final String JMX = "-Dcom.sun.management.jmxremote.port=9010";

	@TempDir
	Path directory;

	@Test
	void byDefaultPortsAreDroppedAndFilesShifted() {
		OptionRewriter rewriter = rewriter(CollisionRules.DEFAULT);
		assertThat(rewriter.commandLine(List.of("-Xmx1g", DEBUGGER, JMX, "-Xlog:gc*:file=gc.log", "-jar", "app.jar",
				"-Xlog:gc*:file=gc.log", DEBUGGER)))
			.containsExactly("-Xmx1g", null, null, "-Xlog:gc*:file=gc-3.log", "-jar", "app.jar",
					"-Xlog:gc*:file=gc.log", DEBUGGER);
		assertThat(rewriter.collisions()).extracting(Collision::message)
			.containsExactly(
					"port 5005 of the debugger (-agentlib:jdwp on the command line) can be open in one process "
							+ "only: the successor starts without it",
					"port 9010 of the JMX agent (-Dcom.sun.management.jmxremote.port on the command line) can be open in "
							+ "one process only: the successor starts without it; when this process is gone, jcmd <pid> "
							+ "ManagementAgent.start jmxremote.port=9010 opens it",
					"file gc.log of the JVM log (-Xlog on the command line) is for one process only: the successor uses "
							+ "gc-3.log");
		assertThat(rewriter.collisions()).extracting(Collision::remedy)
			.containsExactly(Remedy.DROPPED, Remedy.DROPPED, Remedy.SHIFTED);
	}

	@Test
	void whenRuleIsRefuseThenNothingChangesAndTheMessageSaysWhatToDo() {
		OptionRewriter rewriter = rewriter(new CollisionRules(CollisionRule.REFUSE, CollisionRule.REFUSE));
		List<String> arguments = List.of(DEBUGGER, "-XX:HeapDumpPath=oom.hprof", "Main");
		assertThat(rewriter.commandLine(arguments)).isEqualTo(arguments);
		assertThat(rewriter.collisions()).extracting(Collision::remedy).containsOnly(Remedy.REFUSED);
		assertThat(rewriter.collisions().get(0).message()).endsWith(
				"can be open in one process only, and graceful.restart.launch.colliding-ports=refuse; set that to "
						+ "drop or shift, or start the service without the option");
		assertThat(rewriter.collisions().get(1).message()).contains("graceful.restart.launch.colliding-files=refuse");
	}

	@Test
	void whenRulesAreTurnedRoundThenPortsAreShiftedAndFilesDropped() {
		OptionRewriter rewriter = rewriter(new CollisionRules(CollisionRule.SHIFT, CollisionRule.DROP));
		assertThat(rewriter.commandLine(List.of(DEBUGGER, "-Xloggc:gc.log", "Main")))
			.containsExactly(DEBUGGER.replace("5005", "0"), null, "Main");
	}

	@Test
	void whenRuleIsKeepThenNothingChangesAndItIsSaid() {
		OptionRewriter rewriter = rewriter(new CollisionRules(CollisionRule.KEEP, CollisionRule.KEEP));
		List<String> arguments = List.of(DEBUGGER, "-Xloggc:gc.log", "Main");
		assertThat(rewriter.commandLine(arguments)).isEqualTo(arguments);
		assertThat(rewriter.collisions()).extracting(Collision::remedy).containsOnly(Remedy.KEPT);
	}

	@Test
	void whenFileIsADirectoryOrADeviceThenIsShared() throws IOException {
		Files.createDirectory(this.directory.resolve("dumps"));
		OptionRewriter rewriter = rewriter(CollisionRules.DEFAULT);
		List<String> arguments = List.of("-XX:HeapDumpPath=dumps", "-Xlog:gc*:file=/dev/null",
				"-XX:StartFlightRecording:filename=dumps", "Main");
		assertThat(rewriter.commandLine(arguments)).isEqualTo(arguments);
		assertThat(rewriter.collisions()).isEmpty();
	}

	@Test
	void whenOptionStandsInAnArgumentFileThenACopyIsChanged() throws IOException {
		Path file = Files.writeString(this.directory.resolve("args \u00e4"),
				"# memory\n-Xmx1g\n'" + DEBUGGER + "' -Dname=\u00e4\n-cp \"a b\"");
		OptionRewriter rewriter = rewriter(CollisionRules.DEFAULT);
		String argument = "@" + latin1("args \u00e4");
		List<String> changed = rewriter.commandLine(List.of(argument, "-Xloggc:gc.log", "Main", argument));
		Path copy = this.directory.resolve("scratch/arguments-1");
		assertThat(changed).containsExactly("@" + latin1(copy.toString()), "-Xloggc:gc-3.log", "Main", argument);
		assertThat(rewriter.files()).containsOnlyKeys(copy);
		assertThat(new String(rewriter.files().get(copy), StandardCharsets.UTF_8))
			.isEqualTo("# memory\n-Xmx1g\n -Dname=\u00e4\n-cp \"a b\"");
		assertThat(rewriter.collisions().get(0).message()).contains("(-agentlib:jdwp in " + file + ")");
	}

	@Test
	void whenArgumentFileNamesTheMainClassThenWhatFollowsBelongsToTheApplication() throws IOException {
		Files.writeString(this.directory.resolve("args"), "-cp . Main");
		OptionRewriter rewriter = rewriter(CollisionRules.DEFAULT);
		assertThat(rewriter.commandLine(List.of("@args", DEBUGGER))).containsExactly("@args", DEBUGGER);
	}

	@Test
	void whenOptionStandsInAVariableThenTheVariableIsChanged() {
		OptionRewriter rewriter = rewriter(CollisionRules.DEFAULT);
		assertThat(rewriter.variable("JAVA_TOOL_OPTIONS", "-Da=\"\u00e4 b\"  '" + DEBUGGER + "' -Xmx1g"))
			.isEqualTo("-Da=\"\u00e4 b\"   -Xmx1g");
		assertThat(rewriter.variable("JDK_JAVA_OPTIONS", "-cp " + DEBUGGER + " " + JMX))
			.isEqualTo("-cp " + DEBUGGER + " ");
		assertThat(rewriter.collisions()).extracting(Collision::remedy).containsOnly(Remedy.DROPPED);
		assertThat(rewriter.collisions().get(0).message()).contains("(-agentlib:jdwp in JAVA_TOOL_OPTIONS)");
	}

	@Test
	void whenVariableIsNotTextThenPortsAreRefusedAndFilesSaid() {
		OptionRewriter rewriter = rewriter(CollisionRules.DEFAULT);
		String value = "-Dname=\ufffd " + DEBUGGER + " -Xloggc:gc.log";
		assertThat(rewriter.variable("JAVA_TOOL_OPTIONS", value)).isEqualTo(value);
		assertThat(rewriter.collisions()).extracting(Collision::remedy).containsExactly(Remedy.REFUSED, Remedy.KEPT);
		assertThat(rewriter.collisions()).extracting(Collision::message)
			.allMatch((message) -> message.contains("cannot be changed there; move it to the command line"));
	}

	@Test
	void whenOptionsStandInFilesOfTheJvmThenPortsAreRefusedAndFilesSaid() throws IOException {
		Files.writeString(this.directory.resolve("options"), "-Xloggc:gc.log\n" + DEBUGGER);
		Files.writeString(this.directory.resolve("management"), """
				com.sun.management.jmxremote.port = 9010
				com.sun.management.jmxremote.rmi.port=0
				com.sun.management.jmxremote.ssl=false
				""");
		OptionRewriter rewriter = rewriter(CollisionRules.DEFAULT);
		List<String> arguments = List.of("-XX:VMOptionsFile=options", "-Dcom.sun.management.config.file=management",
				"-Dcom.sun.management.config.file=missing", "Main");
		assertThat(rewriter.commandLine(arguments)).isEqualTo(arguments);
		assertThat(rewriter.collisions()).extracting(Collision::kind).containsExactly(Kind.FILE, Kind.PORT, Kind.PORT);
		assertThat(rewriter.collisions()).extracting(Collision::remedy)
			.containsExactly(Remedy.KEPT, Remedy.REFUSED, Remedy.REFUSED);
	}

	private OptionRewriter rewriter(CollisionRules rules) {
		return new OptionRewriter(rules, 3, this.directory, this.directory.resolve("scratch"), StandardCharsets.UTF_8);
	}

	private static String latin1(String text) {
		return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
	}

}
