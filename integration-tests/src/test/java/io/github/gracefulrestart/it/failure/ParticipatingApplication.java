package io.github.gracefulrestart.it.failure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.github.gracefulrestart.RestartParticipant;
import io.github.gracefulrestart.SuccessorLaunch;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;
import org.springframework.context.annotation.Bean;
import org.springframework.web.server.WebFilter;

/**
 * An application with a pid file, a port file and a participant, which writes down what
 * it is told, and does what files in the working directory say.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ParticipatingApplication {

	/** Where the participant is against a launch. */
	static final String LOCKED = "locked";

	/** Where a successor does not become warm. */
	static final String COLD = "cold";

	/** Where a participant never returns. */
	static final String HANGING = "hanging";

	/** Where the port is written, which only the writer knows. */
	static final String PORT_FILE = "app.port";

	private static final String PID = String.valueOf(ProcessHandle.current().pid());

	/**
	 * Start.
	 * @param arguments as for any application
	 */
	public static void main(String[] arguments) {
		SpringApplication application = new SpringApplication(ParticipatingApplication.class);
		application.setWebApplicationType(WebApplicationType.REACTIVE);
		// A run that only archives classes names no file, and leaves this one behind
		application.addListeners(new ApplicationPidFileWriter("target/unnamed.pid"),
				new WebServerPortFileWriter(PORT_FILE));
		application.setDefaultProperties(Map.of("graceful.restart.enabled", "true", "server.address", "127.0.0.1",
				"management.endpoints.web.exposure.include", "health,reload",
				"management.endpoint.health.probes.enabled", "true"));
		application.run(arguments);
	}

	/**
	 * What the participant writes.
	 * @param pid in which process
	 * @param moment of what it is told
	 * @return the line
	 */
	static String told(long pid, String moment) {
		return "participant in " + pid + ": " + moment + "\n";
	}

	@Bean
	WebFilter pidFilter() {
		return (exchange, chain) -> {
			exchange.getResponse().getHeaders().set("X-Pid", PID);
			return chain.filter(exchange);
		};
	}

	@Bean
	RestartParticipant recorder() {
		return new Recorder();
	}

	private static final class Recorder implements RestartParticipant {

		private static void note(String moment) {
			System.out.print(told(Long.parseLong(PID), moment));
		}

		private static boolean is(String file) {
			return Files.exists(Path.of(file));
		}

		@Override
		public void beforeLaunch(SuccessorLaunch launch) {
			note("before launch of " + launch.generation() + (launch.dryRun() ? ", dry" : ""));
			if (is(LOCKED)) {
				throw new IllegalStateException("the fleet is locked");
			}
			launch.environment("IT_LAUNCHED_BY", PID);
		}

		@Override
		public void launched(long successorPid) {
			note("launched " + successorPid);
		}

		@Override
		public void warmUp() {
			note("warm up, launched by " + System.getenv("IT_LAUNCHED_BY"));
			if (is(COLD)) {
				throw new IllegalStateException("still cold");
			}
		}

		@Override
		public void takenOver() throws InterruptedException {
			note("taken over");
			if (is(HANGING)) {
				new CountDownLatch(1).await();
			}
		}

		@Override
		public void resign() {
			note("resign");
		}

		@Override
		public void resume() {
			note("resume");
		}

		@Override
		public void stopping() {
			note("stopping");
		}

		@Override
		public void leaving(long successorPid) {
			note("leaving to " + successorPid);
		}

		@Override
		public void alone() {
			note("alone");
		}

	}

}
