package io.github.gracefulrestart.options;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.options.Collision.Kind;
import org.junit.jupiter.api.Test;
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
			"-XX:HeapDumpPath=/dumps/", "-XX:+HeapDumpOnOutOfMemoryError", "-jar", "app.jar" })
	void findsNothingElse(String option) {
		assertThat(of(option)).isNull();
	}

	private static SharedOption of(String option) {
		return SharedOption.of(option,
				new VmOptions(List.of(option), new FileNames(Path.of("/"), StandardCharsets.UTF_8)));
	}

	@Test
	void generationStandsInTheFileNameAndNotInTheDirectory() {
		SharedOption shared = of("-Xlog:gc*:file=/srv/app.d/gc");
		assertThat(shared).isNotNull();
		assertThat(shared.shifted(2)).isEqualTo("/srv/app.d/gc-2");
	}

}
