package io.github.gracefulrestart.it.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.it.reactive.ReactiveApplication;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;

/**
 * A service that starts other programs, as a scheduler or an agent that deploys does.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
public class ParentApplication {

	private static final String PID = String.valueOf(ProcessHandle.current().pid());

	/**
	 * Start.
	 * @param arguments as for any application
	 */
	public static void main(String[] arguments) {
		SpringApplication application = new SpringApplication(ParentApplication.class);
		application.setWebApplicationType(WebApplicationType.REACTIVE);
		application.setDefaultProperties(Map.of("graceful.restart.enabled", "true", "server.address", "127.0.0.1",
				"management.endpoints.web.exposure.include", "health,reload",
				"management.endpoint.health.probes.enabled", "true"));
		application.run(arguments);
	}

	@Bean
	WebFilter pidFilter() {
		return (exchange, chain) -> {
			exchange.getResponse().getHeaders().set("X-Pid", PID);
			return chain.filter(exchange);
		};
	}

	@GetMapping("/hello")
	String hello() {
		return PID;
	}

	/**
	 * Run a program with the same starter to its end, where it is switched off.
	 */
	@PostMapping("/job")
	String job() throws IOException, InterruptedException {
		Process process = program(Path.of(System.getProperty("java.home")), "--graceful.restart.enabled=false",
				"--spring.main.web-application-type=none")
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return "exit " + process.waitFor() + "\n" + output;
	}

	/**
	 * Start another service.
	 */
	@PostMapping("/service")
	String service(@RequestParam int port, @RequestParam String javaHome) throws IOException {
		ProcessBuilder builder = program(Path.of(javaHome), "--server.port=" + port, "--graceful.restart.probation=0s");
		builder.environment().put("DB_URL", "jdbc:child");
		return String.valueOf(builder.inheritIO().start().pid());
	}

	private static ProcessBuilder program(Path javaHome, String... arguments) {
		List<String> command = new ArrayList<>(
				List.of(javaHome.resolve("bin/java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
						System.getProperty("java.class.path"), ReactiveApplication.class.getName()));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command);
	}

}
