package io.github.gracefulrestart.supervisor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.PredecessorGoneEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerInitializedEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class HeldWriterTests {

	private static final String PID = String.valueOf(ProcessHandle.current().pid());

	private final PredecessorGoneEvent gone = new PredecessorGoneEvent(this);

	@TempDir
	private Path directory;

	@Test
	void whatComesBeforeThePredecessorIsGoneWaitsForThat() {
		List<Object> heard = new ArrayList<>();
		HeldWriter<PayloadApplicationEvent<String>> writer = new HeldWriter<>((event) -> heard.add(event.getPayload()),
				true);
		writer.pass(new PayloadApplicationEvent<>(this, "first"));
		writer.passWhenGone(new PayloadApplicationEvent<>(this, "something else"));
		writer.pass(new PayloadApplicationEvent<>(this, "second"));
		assertThat(heard).isEmpty();
		writer.passWhenGone(this.gone);
		assertThat(heard).containsExactly("first", "second");
		writer.pass(new PayloadApplicationEvent<>(this, "third"));
		writer.passWhenGone(this.gone);
		assertThat(heard).containsExactly("first", "second", "third");
	}

	@Test
	void inASuccessorThePidFileIsWrittenWhenThePredecessorIsGone() {
		Path file = this.directory.resolve("app.pid");
		SmartApplicationListener writer = new ReplacedPidFileWriter(new Writer(file), true);
		start(writer, environment("true"));
		assertThat(file).doesNotExist();
		writer.onApplicationEvent(this.gone);
		assertThat(file).hasContent(PID);
	}

	@Test
	void whereRestartsAreOffThePidFileIsWrittenAtTheStart() {
		Path file = this.directory.resolve("app.pid");
		start(new ReplacedPidFileWriter(new Writer(file), true), environment("false"));
		assertThat(file).hasContent(PID);
	}

	@Test
	void inAFirstGenerationThePortFileIsWrittenAtOnce() {
		Path file = this.directory.resolve("app.port");
		replaced(file, false).onApplicationEvent(listening("true"));
		assertThat(file).hasContent("4711");
	}

	@Test
	void inASuccessorThePortFileIsWrittenWhenThePredecessorIsGone() {
		Path file = this.directory.resolve("app.port");
		SmartApplicationListener writer = replaced(file, true);
		writer.onApplicationEvent(listening("true"));
		assertThat(file).doesNotExist();
		writer.onApplicationEvent(this.gone);
		assertThat(file).hasContent("4711");
	}

	@Test
	void whereRestartsAreOffThePortFileIsWrittenAtOnce() {
		Path file = this.directory.resolve("app.port");
		replaced(file, true).onApplicationEvent(listening("false"));
		assertThat(file).hasContent("4711");
	}

	@Test
	void nothingIsHeardOfRequests() {
		SmartApplicationListener pid = new ReplacedPidFileWriter(new ApplicationPidFileWriter(), true);
		SmartApplicationListener port = replaced(this.directory.resolve("app.port"), true);
		assertThat(List.of(pid, port)).noneMatch((writer) -> writer.supportsEventType(ApplicationEvent.class)
				|| writer.supportsEventType(PayloadApplicationEvent.class));
		assertThat(List.of(pid, port)).allMatch((writer) -> writer.supportsEventType(PredecessorGoneEvent.class));
		assertThat(pid.supportsEventType(ApplicationPreparedEvent.class)).isTrue();
		assertThat(port.supportsEventType(ReactiveWebServerInitializedEvent.class)).isTrue();
	}

	private static void start(SmartApplicationListener writer, StandardEnvironment environment) {
		SpringApplication application = new SpringApplication(HeldWriterTests.class);
		String[] arguments = new String[0];
		writer.onApplicationEvent(new ApplicationEnvironmentPreparedEvent(new DefaultBootstrapContext(), application,
				arguments, environment));
		writer
			.onApplicationEvent(new ApplicationPreparedEvent(application, arguments, new GenericApplicationContext()));
	}

	private static SmartApplicationListener replaced(Path file, boolean successor) {
		ApplicationListener<?> replaced = ReplacedPortFileWriter.replace(new WebServerPortFileWriter(file.toFile()),
				successor);
		return (SmartApplicationListener) replaced;
	}

	private static WebServerInitializedEvent listening(String enabled) {
		ReactiveWebServerApplicationContext context = new ReactiveWebServerApplicationContext();
		context.setEnvironment(environment(enabled));
		return new ReactiveWebServerInitializedEvent(new Listening(), context);
	}

	private static StandardEnvironment environment(String enabled) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of("graceful.restart.enabled", enabled)));
		return environment;
	}

	private static final class Listening implements WebServer {

		@Override
		public void start() {
		}

		@Override
		public void stop() {
		}

		@Override
		public int getPort() {
			return 4711;
		}

	}

	/**
	 * A writer that writes again in each test.
	 */
	private static final class Writer extends ApplicationPidFileWriter {

		Writer(Path file) {
			super(file.toFile());
			reset();
		}

	}

}
