package io.github.gracefulrestart.it.reactive;

import java.time.Duration;
import java.util.Map;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;

/**
 * What the sample application does, without servlets.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
public class ReactiveApplication {

	private static final String PID = String.valueOf(ProcessHandle.current().pid());

	/**
	 * Start.
	 * @param arguments as for any application
	 */
	public static void main(String[] arguments) {
		SpringApplication application = new SpringApplication(ReactiveApplication.class);
		application.setWebApplicationType(WebApplicationType.REACTIVE);
		application.setDefaultProperties(Map.of("graceful.restart.enabled", "true", "server.address", "127.0.0.1",
				"management.endpoints.web.exposure.include", "health,info,metrics,reload",
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
	Mono<String> hello() {
		return Mono.just("pid=" + PID);
	}

	@GetMapping("/slow")
	Mono<String> slow(@RequestParam(name = "ms", defaultValue = "1000") long ms) {
		return Mono.delay(Duration.ofMillis(ms)).map((tick) -> "pid=" + PID);
	}

	@PostMapping("/upload")
	Mono<String> upload(@RequestBody Flux<DataBuffer> body) {
		return body.map((buffer) -> {
			int size = buffer.readableByteCount();
			DataBufferUtils.release(buffer);
			return size;
		}).reduce(0, Integer::sum).map((total) -> "bytes=" + total + " pid=" + PID);
	}

	/**
	 * Answers one question with a number of events.
	 */
	@PostMapping(path = "/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<String>> chat(@RequestParam(name = "ticks", defaultValue = "20") int ticks) {
		return Flux.interval(Duration.ofMillis(100))
			.take(ticks)
			.map((tick) -> ServerSentEvent.builder(PID).id(String.valueOf(tick + 1)).build());
	}

	/**
	 * Has nothing to say yet.
	 */
	@GetMapping(path = "/silent", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<String>> silent() {
		return Flux.never();
	}

	/**
	 * Ticks for ever.
	 */
	@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<String>> stream() {
		return Flux.interval(Duration.ZERO, Duration.ofMillis(200))
			.map((tick) -> ServerSentEvent.builder(PID).id(String.valueOf(tick)).event("tick").build());
	}

}
