package io.github.gracefulrestart.options;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.options.Collision.Remedy;
import io.github.gracefulrestart.options.launcher.LauncherRefusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class OptionRewriterTests {

	private static final String DEBUGGER = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5005";

	private static final String JMX = "-Dcom.sun.management.jmxremote.port=9010";

	@TempDir
	Path directory;

	@Test
	void byDefaultPortsAreDroppedAndFilesShifted() {
		Rewriting rewriting = rewrite(CollisionRules.DEFAULT, "-Xmx1g", DEBUGGER, JMX, "-Xlog:gc*:file=gc.log", "-jar",
				"app.jar", "-Xlog:gc*:file=gc.log", DEBUGGER);
		assertThat(rewriting.arguments()).containsExactly("-Xmx1g", null, null, "-Xlog:gc*:file=gc-3.log", "-jar",
				"app.jar", "-Xlog:gc*:file=gc.log", DEBUGGER);
		assertThat(rewriting.collisions()).extracting(Collision::message)
			.containsExactly(
					"port 5005 of the debugger (-agentlib:jdwp on the command line) can be open in one process "
							+ "only: the successor starts without it",
					"port 9010 of the JMX agent (-Dcom.sun.management.jmxremote.port on the command line) can be open in "
							+ "one process only: the successor starts without it; when this process has exited, jcmd <pid> "
							+ "ManagementAgent.start jmxremote.port=9010 opens it",
					"file gc.log of the JVM log (-Xlog on the command line) is for one process only: the successor uses "
							+ "gc-3.log");
		assertThat(rewriting.collisions()).extracting(Collision::remedy)
			.containsExactly(Remedy.DROPPED, Remedy.DROPPED, Remedy.SHIFTED);
		assertThat(rewriting.refusal()).isNull();
	}

	@Test
	void whenOptionStandsBetweenJarAndItsNameThenIsChangedAsElsewhere() throws IOException {
		Files.writeString(this.directory.resolve("more"), "-Xloggc:more.log");
		Rewriting rewriting = rewrite(CollisionRules.DEFAULT, "-jar", "-Dx=1", DEBUGGER, "@more",
				"-Xlog:gc:file=gc.log", "app.jar", DEBUGGER, "@more");
		Path copy = this.directory.resolve("scratch/arguments-1");
		assertThat(rewriting.arguments()).containsExactly("-jar", "-Dx=1", null, "@" + copy, "-Xlog:gc:file=gc-3.log",
				"app.jar", DEBUGGER, "@more");
		assertThat(rewriting.files().get(copy)).asString(StandardCharsets.UTF_8).isEqualTo("\"-Xloggc:more-3.log\"");
	}

	@Test
	void whenOptionsAreOneArgumentThenItsWordsAreChanged() {
		assertThat(rewrite(CollisionRules.DEFAULT, "--source 17  -Xloggc:gc.log", "Main.java").arguments())
			.containsExactly("--source 17  -Xloggc:gc-3.log", "Main.java");
	}

	@Test
	void whenRuleIsRefuseThenNothingChangesAndTheMessageSaysWhatToDo() {
		Rewriting rewriting = rewrite(new CollisionRules(CollisionRule.REFUSE, CollisionRule.REFUSE), DEBUGGER,
				"-XX:HeapDumpPath=oom.hprof", "Main");
		assertThat(rewriting.arguments()).containsExactly(DEBUGGER, "-XX:HeapDumpPath=oom.hprof", "Main");
		assertThat(rewriting.collisions()).extracting(Collision::remedy).containsOnly(Remedy.REFUSED);
		assertThat(rewriting.collisions().get(0).message()).endsWith(
				"can be open in one process only, and graceful.restart.launch.colliding-ports=refuse; set that to "
						+ "drop or shift, or start the service without the option");
		assertThat(rewriting.collisions().get(1).message()).contains("graceful.restart.launch.colliding-files=refuse");
	}

	@Test
	void whenRulesAreTurnedRoundThenPortsAreShiftedAndFilesDropped() {
		assertThat(
				rewrite(new CollisionRules(CollisionRule.SHIFT, CollisionRule.DROP), DEBUGGER, "-Xloggc:gc.log", "Main")
					.arguments())
			.containsExactly(DEBUGGER.replace("5005", "0"), null, "Main");
	}

	@Test
	void whenRuleIsKeepThenNothingChangesAndItIsSaid() {
		Rewriting rewriting = rewrite(new CollisionRules(CollisionRule.KEEP, CollisionRule.KEEP), DEBUGGER,
				"-Xloggc:gc.log", "Main");
		assertThat(rewriting.arguments()).containsExactly(DEBUGGER, "-Xloggc:gc.log", "Main");
		assertThat(rewriting.collisions()).extracting(Collision::remedy).containsOnly(Remedy.KEPT);
	}

	@Test
	void whenFileIsADirectoryOrADeviceThenIsShared() throws IOException {
		Files.createDirectory(this.directory.resolve("dumps"));
		Rewriting rewriting = rewrite(CollisionRules.DEFAULT, "-XX:HeapDumpPath=dumps", "-Xlog:gc*:file=/dev/null",
				"-XX:StartFlightRecording:filename=dumps", "Main");
		assertThat(rewriting.arguments()).containsExactly("-XX:HeapDumpPath=dumps", "-Xlog:gc*:file=/dev/null",
				"-XX:StartFlightRecording:filename=dumps", "Main");
		assertThat(rewriting.collisions()).isEmpty();
	}

	@Test
	void whenOptionStandsInAnArgumentFileThenACopyIsChanged() throws IOException {
		Path file = Files.writeString(this.directory.resolve("args \u00e4"),
				"# memory\n-Xmx1g\n'" + DEBUGGER + "' -Dname=\u00e4\n-cp \"a b\"");
		String argument = "@" + latin1("args \u00e4");
		Rewriting rewriting = rewrite(CollisionRules.DEFAULT, argument, "-Xloggc:gc.log", "Main", argument);
		Path copy = this.directory.resolve("scratch/arguments-1");
		assertThat(rewriting.arguments()).containsExactly("@" + latin1(copy.toString()), "-Xloggc:gc-3.log", "Main",
				argument);
		assertThat(rewriting.files()).containsOnlyKeys(copy);
		assertThat(new String(rewriting.files().get(copy), StandardCharsets.UTF_8))
			.isEqualTo("# memory\n-Xmx1g\n -Dname=\u00e4\n-cp \"a b\"");
		assertThat(rewriting.collisions().get(0).message()).contains("(-agentlib:jdwp in " + file + ")");
	}

	@Test
	void whenArgumentFileNamesTheMainClassThenWhatFollowsBelongsToTheApplication() throws IOException {
		Files.writeString(this.directory.resolve("args"), "-cp . Main " + DEBUGGER);
		assertThat(rewrite(CollisionRules.DEFAULT, "@args", DEBUGGER).arguments()).containsExactly("@args", DEBUGGER);
	}

	@Test
	void whenOptionStandsInAVariableThenTheVariableIsChanged() throws IOException {
		Files.writeString(this.directory.resolve("args"), "-Xloggc:gc.log");
		Rewriting rewriting = rewriter(CollisionRules.DEFAULT).rewrite(List.of("lib", "Main"),
				Map.of("JAVA_TOOL_OPTIONS", "-Da=\"\u00e4 b\"  '" + DEBUGGER + "' -Xmx1g", "JDK_JAVA_OPTIONS",
						"@args " + JMX + " -cp", "_JAVA_OPTIONS", "-Xmx2g"));
		assertThat(rewriting.variables()).containsOnly(entry("JAVA_TOOL_OPTIONS", "-Da=\"\u00e4 b\"   -Xmx1g"),
				entry("JDK_JAVA_OPTIONS", "@" + this.directory.resolve("scratch/arguments-1") + "  -cp"));
		assertThat(rewriting.arguments()).containsExactly("lib", "Main");
		assertThat(rewriting.collisions()).extracting(Collision::remedy)
			.containsExactly(Remedy.SHIFTED, Remedy.DROPPED, Remedy.DROPPED);
		assertThat(rewriting.collisions().get(2).message()).contains("(-agentlib:jdwp in JAVA_TOOL_OPTIONS)");
	}

	@Test
	void whenVariableIsNotTextThenPortsAreRefusedAndFilesSaid() {
		Rewriting rewriting = rewriter(CollisionRules.DEFAULT).rewrite(List.of("Main"),
				Map.of("JAVA_TOOL_OPTIONS", "-Dname=\ufffd " + DEBUGGER + " -Xloggc:gc.log"));
		assertThat(rewriting.variables()).isEmpty();
		assertThat(rewriting.collisions()).extracting(Collision::remedy).containsExactly(Remedy.REFUSED, Remedy.KEPT);
		assertThat(rewriting.collisions()).extracting(Collision::message)
			.allMatch((message) -> message.contains("cannot be changed there; move it to the command line"));
	}

	@Test
	void whenOptionsStandInFilesOfTheJvmThenCopiesAreChanged() throws IOException {
		Files.writeString(this.directory.resolve("options"), "-Xloggc:gc.log\n" + DEBUGGER);
		Files.writeString(this.directory.resolve("flags"), "# crash\nErrorFile=\"err or.log\" +UseSerialGC\n");
		Rewriting rewriting = rewriter(CollisionRules.DEFAULT).rewrite(List.of("-XX:VMOptionsFile=options", "Main"),
				Map.of("_JAVA_OPTIONS", "-XX:Flags=flags"));
		Path flags = this.directory.resolve("scratch/arguments-1");
		Path options = this.directory.resolve("scratch/arguments-2");
		assertThat(rewriting.variables()).containsExactly(entry("_JAVA_OPTIONS", "-XX:Flags=" + flags));
		assertThat(rewriting.arguments()).containsExactly("-XX:VMOptionsFile=" + options, "Main");
		assertThat(rewriting.files().get(flags)).asString(StandardCharsets.UTF_8)
			.isEqualTo("# crash\nE\"rrorFile=err or-3.log\" +UseSerialGC\n");
		assertThat(rewriting.files().get(options)).asString(StandardCharsets.UTF_8).isEqualTo("-Xloggc:gc-3.log\n");
	}

	@Test
	void whenPortsStandInAFileForManagementThenACopyIsChanged() throws IOException {
		Files.writeString(this.directory.resolve("management"), """
				# com.sun.management.jmxremote.port=1 \\
				com.sun.management.jmxremote.port : \\
				   9010
				com.sun.management.jmxremote.rmi.port=0
				com.sun.management.jmxremote.ssl=false""");
		String option = "-Dcom.sun.management.config.file=";
		Path copy = this.directory.resolve("scratch/arguments-1");
		Rewriting dropped = rewrite(CollisionRules.DEFAULT, option + "management", option + "missing", "Main");
		assertThat(dropped.arguments()).containsExactly(option + copy, option + "missing", "Main");
		assertThat(dropped.files().get(copy)).asString(StandardCharsets.UTF_8).isEqualTo("""
				# com.sun.management.jmxremote.port=1 \\
				com.sun.management.jmxremote.rmi.port=0
				com.sun.management.jmxremote.ssl=false""");
		assertThat(dropped.collisions()).extracting(Collision::remedy).containsExactly(Remedy.DROPPED);
		Rewriting shifted = rewrite(new CollisionRules(CollisionRule.SHIFT, CollisionRule.KEEP), option + "management",
				"Main");
		assertThat(shifted.files().get(copy)).asString(StandardCharsets.UTF_8)
			.contains("\\\ncom.sun.management.jmxremote.port=0\ncom.sun.management.jmxremote.rmi.port=0\n");
	}

	@Test
	void whenTheLauncherWouldRefuseThenItIsSaid() {
		assertThat(rewrite(CollisionRules.DEFAULT, "-cp", DEBUGGER).refusal())
			.isEqualTo(LauncherRefusal.of("-cp has no value"));
		assertThat(rewriter(CollisionRules.DEFAULT).rewrite(List.of("Main"), Map.of("JAVA_TOOL_OPTIONS", "-Dx='"))
			.refusal()).isEqualTo(LauncherRefusal.of("unmatched quote in environment variable JAVA_TOOL_OPTIONS"));
	}

	@Test
	void whenAgentHasAPortThenTheRuleForPortsCounts() {
		String exporter = "-javaagent:/opt/jmx_prometheus_javaagent-1.0.1.jar=[::1]:9404:/etc/exporter.yml";
		String jolokia = "-javaagent:jolokia.jar=host=0.0.0.0";
		Rewriting dropped = rewrite(CollisionRules.DEFAULT, "-jar", exporter, jolokia, "app.jar");
		assertThat(dropped.arguments()).containsExactly("-jar", null, null, "app.jar");
		assertThat(dropped.collisions()).extracting(Collision::message)
			.containsExactly(
					"port 9404 of the Prometheus JMX exporter (-javaagent:/opt/jmx_prometheus_javaagent-1.0.1.jar on the "
							+ "command line) can be used by one process only: the successor starts without it, and "
							+ "nothing will listen there when this process has exited",
					"port 8778 of the Jolokia agent (-javaagent:jolokia.jar on the command line) can be used by one "
							+ "process only: the successor starts without it, and nothing will listen there when this "
							+ "process has exited");
		Rewriting shifted = rewrite(new CollisionRules(CollisionRule.SHIFT, CollisionRule.KEEP), exporter, jolokia,
				"Main");
		assertThat(shifted.arguments()).containsExactly(null, jolokia + ",port=0", "Main");
		assertThat(shifted.collisions()).extracting(Collision::remedy).containsExactly(Remedy.DROPPED, Remedy.SHIFTED);
		Rewriting kept = rewrite(new CollisionRules(CollisionRule.KEEP, CollisionRule.KEEP), exporter, "Main");
		assertThat(kept.collisions().get(0).message()).startsWith("the successor keeps port 9404 of ")
			.endsWith(", but cannot start while this process uses it, or starts without this agent "
					+ "(graceful.restart.launch.colliding-ports=keep)");
	}

	@Test
	void whenAnAgentReadsItsPortFromAVariableThenTheVariableIsChanged() {
		Rewriting rewriting = rewriter(CollisionRules.DEFAULT).rewrite(List.of("-jar", "app.jar"),
				Map.of("JAVA_TOOL_OPTIONS", "-javaagent:/opt/opentelemetry-javaagent.jar", "OTEL_METRICS_EXPORTER",
						"otlp,prometheus", "OTEL_EXPORTER_PROMETHEUS_PORT", "9999"));
		assertThat(rewriting.variables()).containsExactly(entry("OTEL_METRICS_EXPORTER", "otlp"));
		assertThat(rewriting.collisions().get(0).message()).startsWith("port 9999 of the Prometheus exporter of the "
				+ "OpenTelemetry agent (-Dotel.metrics.exporter in OTEL_METRICS_EXPORTER)");
	}

	private Rewriting rewrite(CollisionRules rules, String... arguments) {
		return rewriter(rules).rewrite(List.of(arguments), Map.of());
	}

	private OptionRewriter rewriter(CollisionRules rules) {
		return new OptionRewriter(rules, 3, this.directory, this.directory.resolve("scratch"), StandardCharsets.UTF_8,
				17);
	}

	private static String latin1(String text) {
		return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
	}

}
