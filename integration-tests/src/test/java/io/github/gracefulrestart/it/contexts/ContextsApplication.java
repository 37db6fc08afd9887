package io.github.gracefulrestart.it.contexts;

import java.util.Map;

import io.github.gracefulrestart.PredecessorGoneEvent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;

/**
 * An application with one context that can be closed and run again, or with several.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ ForeignListenerConfiguration.class, BlockingRunnerConfiguration.class })
@RestController
public class ContextsApplication {

	/**
	 * The system property that says how many contexts there are.
	 */
	static final String SHAPE = "it.contexts";

	/**
	 * The system property with the port of the second context.
	 */
	static final String SECOND_PORT = "it.second-port";

	private static final String PID = String.valueOf(ProcessHandle.current().pid());

	private static final Map<String, Object> DEFAULTS = Map.of("graceful.restart.enabled", "true", "server.address",
			"127.0.0.1", "management.endpoints.web.exposure.include", "health,reload",
			"management.endpoint.health.probes.enabled", "true");

	private static String[] arguments;

	private final ConfigurableApplicationContext context;

	ContextsApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start.
	 * @param arguments as for any application
	 */
	public static void main(String[] arguments) {
		ContextsApplication.arguments = arguments;
		switch (System.getProperty(SHAPE, "one")) {
			case "parent" -> new SpringApplicationBuilder(ConfiguredParent.class).web(WebApplicationType.NONE)
				.properties(DEFAULTS)
				.child(ContextsApplication.class)
				.web(WebApplicationType.REACTIVE)
				.run(arguments);
			case "two" -> {
				run();
				run("--server.port=" + Integer.getInteger(SECOND_PORT), "--graceful.restart.probation=0s");
			}
			case "beside" -> {
				runWithoutServer();
				run();
				runWithoutServer();
			}
			default -> run();
		}
	}

	private static void run(String... more) {
		SpringApplication application = new SpringApplication(ContextsApplication.class);
		application.setWebApplicationType(WebApplicationType.REACTIVE);
		application.setDefaultProperties(DEFAULTS);
		application.run((more.length > 0) ? more : arguments);
	}

	private static void runWithoutServer() {
		SpringApplication application = new SpringApplication(ConfiguredParent.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(DEFAULTS);
		application.run();
	}

	@Bean
	WebFilter pidFilter() {
		return (exchange, chain) -> {
			exchange.getResponse().getHeaders().set("X-Pid", PID);
			return chain.filter(exchange);
		};
	}

	/**
	 * Say which context answers.
	 */
	@GetMapping("/context")
	String context() {
		return PID + "/" + System.identityHashCode(this.context);
	}

	/**
	 * Close this context and run another one.
	 */
	@PostMapping("/again")
	void again() {
		Thread thread = new Thread(() -> {
			this.context.close();
			run();
		}, "again");
		thread.setDaemon(false);
		thread.start();
	}

	@EventListener
	void predecessorGone(PredecessorGoneEvent event) {
		System.out.println("application: predecessor of pid " + PID + " has exited");
	}

}
