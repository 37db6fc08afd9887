package io.github.gracefulrestart.options;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import io.github.gracefulrestart.options.Collision.Kind;
import io.github.gracefulrestart.options.launcher.FileNames;
import io.github.gracefulrestart.options.launcher.VmOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The spellings that HotSpot takes, tried with JDK 17 and 25.
 */
class SharedOptionTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5005    | -agentlib:jdwp | 5005 | -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=0
					-agentlib:jdwp=transport=dt_socket,address=*:5005,server=y,suspend=n  | -agentlib:jdwp | 5005 | -agentlib:jdwp=transport=dt_socket,address=*:0,server=y,suspend=n
					-agentlib:jdwp=server=y,address=[::1]:5005,transport=dt_socket        | -agentlib:jdwp | 5005 | -agentlib:jdwp=server=y,address=[::1]:0,transport=dt_socket
					-Xrunjdwp:transport=dt_socket,server=y,address=localhost:5005         | -Xrunjdwp      | 5005 | -Xrunjdwp:transport=dt_socket,server=y,address=localhost:0
					-agentpath:/x/libjdwp.so=transport=dt_socket,server=y,address=5005    | -agentpath:/x/libjdwp.so | 5005 | -agentpath:/x/libjdwp.so=transport=dt_socket,server=y,address=0
					-Dcom.sun.management.jmxremote.port=9010     | -Dcom.sun.management.jmxremote.port     | 9010 | -Dcom.sun.management.jmxremote.port=0
					-Dcom.sun.management.jmxremote.rmi.port=9011 | -Dcom.sun.management.jmxremote.rmi.port | 9011 | -Dcom.sun.management.jmxremote.rmi.port=0
					-Dcom.sun.management.jmxremote.local.port=9012 | -Dcom.sun.management.jmxremote.local.port | 9012 | -Dcom.sun.management.jmxremote.local.port=0
					""")
	void findsPorts(String option, String name, String port, String shifted) {
		SharedOption shared = of(option);
		assertThat(shared).isNotNull();
		assertThat(shared.kind()).isEqualTo(Kind.PORT);
		assertThat(shared.name()).isEqualTo(name);
		assertThat(shared.resource()).isEqualTo(port);
		assertThat(shared.with(shared.resource())).isEqualTo(option);
		assertThat(shared.with(shared.shifted(7))).isEqualTo(shifted);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					-Xlog:gc*:file=logs/gc.log                         | -Xlog | logs/gc.log | -Xlog:gc*:file=logs/gc-7.log
					-Xlog:gc*=debug:gc:uptime,level:filecount=5        | -Xlog | gc          | -Xlog:gc*=debug:gc-7:uptime,level:filecount=5
					-Xlog:gc*:file="a b:c.log":time                    | -Xlog | a b:c.log   | -Xlog:gc*:file="a b:c-7.log":time
					-Xlog::/var/log/v1.2/jvm                           | -Xlog | /var/log/v1.2/jvm | -Xlog::/var/log/v1.2/jvm-7
					-Xloggc:gc.log                                     | -Xloggc | gc.log    | -Xloggc:gc-7.log
					-XX:StartFlightRecording=duration=1m,filename=r.jfr,name=x | -XX:StartFlightRecording | r.jfr | -XX:StartFlightRecording=duration=1m,filename=r-7.jfr,name=x
					-XX:StartFlightRecording:filename="a, b.jfr"       | -XX:StartFlightRecording | a, b.jfr | -XX:StartFlightRecording:filename="a, b-7.jfr"
					-XX:ErrorFile=hs_err.log                           | -XX:ErrorFile | hs_err.log | -XX:ErrorFile=hs_err-7.log
					-XX:LogFile=vm.log                                 | -XX:LogFile | vm.log     | -XX:LogFile=vm-7.log
					-XX:ReplayDataFile=replay                          | -XX:ReplayDataFile | replay | -XX:ReplayDataFile=replay-7
					-XX:DumpLoadedClassList=app.lst                    | -XX:DumpLoadedClassList | app.lst | -XX:DumpLoadedClassList=app-7.lst
					-XX:ArchiveClassesAtExit=app.jsa                   | -XX:ArchiveClassesAtExit | app.jsa | -XX:ArchiveClassesAtExit=app-7.jsa
					-XX:AOTCacheOutput=app.aot                         | -XX:AOTCacheOutput | app.aot | -XX:AOTCacheOutput=app-7.aot
					-agentpath:/x/libasyncProfiler.so=start,file=a.jfr,event=cpu | -agentpath:/x/libasyncProfiler.so | a.jfr | -agentpath:/x/libasyncProfiler.so=start,file=a-7.jfr,event=cpu
					-XX:HeapDumpPath=/dumps/.hidden                    | -XX:HeapDumpPath | /dumps/.hidden | -XX:HeapDumpPath=/dumps/.hidden-7
					-XX:HeapDumpPath=oom-%p.hprof                      | -XX:HeapDumpPath | oom-%p.hprof | -XX:HeapDumpPath=oom-%p-7.hprof
					""")
	void findsFiles(String option, String name, String file, String shifted) {
		SharedOption shared = of(option);
		assertThat(shared).isNotNull();
		assertThat(shared.kind()).isEqualTo(Kind.FILE);
		assertThat(shared.name()).isEqualTo(name);
		assertThat(shared.resource()).isEqualTo(file);
		assertThat(shared.with(shared.resource())).isEqualTo(option);
		assertThat(shared.with(shared.shifted(7))).isEqualTo(shifted);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=0",
			"-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=localhost:0",
			"-agentlib:jdwp=transport=dt_socket,server=y,suspend=n",
			"-agentlib:jdwp=transport=dt_socket,server=n,address=ide:5005",
			"-agentlib:jdwp=transport=dt_socket,address=ide:5005",
			"-agentlib:jdwp=transport=dt_socket,server=y,address=5005,onjcmd=y",
			"-agentlib:jdwp=transport=dt_socket,server=y,address=5005,onuncaught=y,launch=/bin/true",
			"-agentlib:hprof=file=x", "-Dcom.sun.management.jmxremote.port=0", "-Dcom.sun.management.jmxremote",
			"-Dcom.sun.management.jmxremote.ssl=false", "-Dserver.port=8080", "-Xlog:gc*", "-Xlog:gc*:stdout",
			"-Xlog:gc*:stderr:uptime", "-Xlog:disable", "-Xlog:gc::uptime", "-Xlog:gc*:file=gc-%p.log",
			"-Xlog:gc*:gc-%t.log", "-XX:StartFlightRecording", "-XX:StartFlightRecording=duration=1m",
			"-XX:HeapDumpPath=/dumps/", "-XX:ErrorFile=hs_err_%p.log", "-XX:OnOutOfMemoryError=kill -9 %p",
			"-XX:AOTConfiguration=app.conf", "-XX:AOTCache=app.aot", "-XX:SharedArchiveFile=app.jsa",
			"-agentpath:/x/libasyncProfiler.so=start,file=%p.jfr",
			"-javaagent:jmx_prometheus_javaagent.jar=exporter.yml", "-javaagent:jolokia.jar=port=0,host=x",
			"-javaagent:jacocoagent.jar=destfile=jacoco.exec,append=true", "-javaagent:byteman.jar=script:x.btm",
			"-javaagent:elastic-apm-agent.jar", "-javaagent:dd-java-agent.jar", "-Dotel.metrics.exporter=prometheus",
			"-agentpath:/x/libyjpagent.so=port=10001-10010", "-XX:+HeapDumpOnOutOfMemoryError", "-jar", "app.jar" })
	void findsNothingElse(String option) {
		assertThat(of(option)).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					-javaagent:/x/jmx_prometheus_javaagent-0.20.0.jar=9404:c.yml  | Prometheus JMX exporter  | port 9404 |
					-javaagent:jmx_prometheus_javaagent.jar=shop-1.local:9404:c   | Prometheus JMX exporter  | port 9404 |
					-javaagent:jmx_prometheus_javaagent.jar=[::1]:9404:c          | Prometheus JMX exporter  | port 9404 |
					-javaagent:jmx_prometheus_isolator_javaagent.jar=a.jar=8080:x,b.jar=h:8081:y | Prometheus JMX exporters | port 8080 and 8081 |
					-javaagent:jolokia-jvm.jar                       | Jolokia agent   | port 8778 | -javaagent:jolokia-jvm.jar=port=0
					-javaagent:jolokia-jvm.jar=host=*                | Jolokia agent   | port 8778 | -javaagent:jolokia-jvm.jar=host=*,port=0
					-javaagent:jolokia-jvm.jar=port=8779,host=*      | Jolokia agent   | port 8779 | -javaagent:jolokia-jvm.jar=port=0,host=*
					-javaagent:jolokia-jvm.jar=host=*,port=8779      | Jolokia agent   | port 8779 | -javaagent:jolokia-jvm.jar=host=*,port=0
					-javaagent:/opt/glowroot/glowroot.jar            | Glowroot agent  | directory /opt/glowroot/ |
					-javaagent:org.jacoco.agent.jar=output=tcpserver | JaCoCo agent    | port 6300 |
					-javaagent:byteman.jar=listener:true,port:9000   | Byteman agent   | port 9000 |
					-agentpath:/x/libjprofilerti.so=port=8849,nowait | JProfiler agent | port 8849 |
					""")
	void findsWhatAgentsHave(String option, String owner, String resource, String shifted) {
		SharedOption shared = of(option);
		assertThat(shared).isNotNull();
		assertThat(shared.kind()).isEqualTo(Kind.AGENT);
		assertThat(shared.owner()).isEqualTo(owner);
		assertThat(shared.resource()).isEqualTo(resource);
		assertThat((shared.shifted(7) != null) ? shared.with(shared.shifted(7)) : null).isEqualTo(shifted);
	}

	@Test
	void whenAnAgentHasAnotherNameThenIsKnownByItsManifest(@TempDir Path directory) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().putValue("Premain-Class", "org.jolokia.jvmagent.JvmAgent");
		try (OutputStream out = Files.newOutputStream(directory.resolve("monitoring.jar"))) {
			new JarOutputStream(out, manifest).close();
		}
		Files.writeString(directory.resolve("settings"), "port = 8779");
		String option = "-javaagent:monitoring.jar=host=*,config=settings";
		SharedOption shared = SharedOption.of(option,
				new VmOptions(List.of(option), new FileNames(directory, StandardCharsets.UTF_8)));
		assertThat(shared).isNotNull();
		assertThat(shared.resource()).isEqualTo("port 8779");
		assertThat(shared.with("0")).isEqualTo(option + ",port=0");
	}

	@Test
	void whenOthersSayMoreThenTheyAreAsked() {
		assertThat(SharedOption.of("-XX:AOTConfiguration=app.conf", options("-XX:AOTMode=record"))).isNotNull();
		String glowroot = "-javaagent:glowroot.jar";
		assertThat(SharedOption.of(glowroot, options("-Dglowroot.agent.id=shop-{{1..4}}"))).isNull();
		SharedOption shared = SharedOption.of(glowroot, options("-Dglowroot.tmp.dir=/tmp/g"));
		assertThat(shared).isNotNull();
		assertThat(shared.resource()).isEqualTo("directory /tmp/g");
		shared = SharedOption.of("-Dotel.metrics.exporter=prometheus",
				options("-javaagent:opentelemetry-javaagent.jar"));
		assertThat(shared).isNotNull();
		assertThat(shared.resource()).isEqualTo("port 9464");
		assertThat(shared.without()).isEqualTo("-Dotel.metrics.exporter=none");
	}

	private static VmOptions options(String... options) {
		return new VmOptions(List.of(options), new FileNames(Path.of("/"), StandardCharsets.UTF_8));
	}

	private static SharedOption of(String option) {
		return SharedOption.of(option, options(option));
	}

	@Test
	void generationStandsInTheFileNameAndNotInTheDirectory() {
		SharedOption shared = of("-Xlog:gc*:file=/srv/app.d/gc");
		assertThat(shared).isNotNull();
		assertThat(shared.shifted(2)).isEqualTo("/srv/app.d/gc-2");
	}

}
