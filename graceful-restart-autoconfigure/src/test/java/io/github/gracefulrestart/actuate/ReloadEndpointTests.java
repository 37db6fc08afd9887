package io.github.gracefulrestart.actuate;

import java.time.Duration;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartStatus;
import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the endpoint {@code reload} understands over HTTP, with servlets and without.
 */
@ParameterizedClass
@EnumSource(names = { "SERVLET", "REACTIVE" })
class ReloadEndpointTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** One for all tests, because none of them makes a restart. */
	private static ConfigurableApplicationContext context;

	private static int port;

	@Parameter
	WebApplicationType type;

	@BeforeParameterizedClassInvocation
	static void start(WebApplicationType type) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(type);
		application.setRegisterShutdownHook(false);
		context = application.run("--graceful.restart.enabled=true", "--graceful.restart.signals=", "--server.port=0",
				"--server.address=127.0.0.1", "--management.endpoints.web.exposure.include=reload");
		port = ((WebServerApplicationContext) context).getWebServer().getPort();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		context.close();
	}

	@Test
	void whenAParameterIsNotUnderstoodThenNothingIsDone() throws Exception {
		for (String query : List.of("dryrun=true", "dry_run=true", "DRY-RUN=true", "dry-run=tru", "wait=soon",
				"boot=2&dry-run=true", "dry-run=true&dry-run=false", "wait=true&force=true", "dry-run=true&dryRun=0")) {
			assertRefused(query, send("POST", "?" + query, null));
		}
		for (String body : List.of("{\"dryrun\":true}", "{\"dry_run\":true}", "{\"dryRun\":\"tru\"}",
				"{\"wait\":null,\"dry\":true}", "{\"dryRun\":null}", "{\"wait\":true,\"dryRun\":null,\"boot\":null}")) {
			assertRefused(body, send("POST", "", body));
		}
		for (String body : List.of("{\"wait\":[]}", "{\"dryRun\":{\"a\":1}}", "[true]", "{\"dryRun\":true")) {
			assertThat(send("POST", "", body).status()).as(body).isEqualTo(400);
			assertNothingDone();
		}
		assertRefused("a body and a query", send("POST", "?dry-run=false", "{\"dryRun\":true}"));
	}

	private void assertRefused(String what, HttpAnswer answer) {
		assertThat(answer.status()).as(what + ": " + answer.text()).isEqualTo(400);
		assertThat(JsonPath.<String>read(answer.text(), "$.message")).as(what)
			.endsWith(": allowed are wait, dry-run and boot, each true or false. Nothing was done");
		assertNothingDone();
	}

	@Test
	void whenDeletingHasParametersThenNothingIsDone() throws Exception {
		HttpAnswer answer = send("DELETE", "?dry-run=true", null);
		assertThat(answer.status()).as(answer.text()).isEqualTo(400);
		assertThat(JsonPath.<String>read(answer.text(), "$.message"))
			.isEqualTo("DELETE has no parameters, but was given [dry-run]. Nothing was done");
		assertThat(send("DELETE", "", null).status()).isEqualTo(503);
	}

	@Test
	void whenBootIsAskedForWithoutADryRunThenNothingIsDone() throws Exception {
		HttpAnswer answer = send("POST", "?boot=true", null);
		assertThat(answer.status()).as(answer.text()).isEqualTo(400);
		assertThat(JsonPath.<String>read(answer.text(), "$.message")).contains("add dry-run=true");
		assertNothingDone();
	}

	@Test
	void whenADryRunIsAskedForInAnySpellingThenChecks() throws Exception {
		for (String query : List.of("?dry-run=true", "?dryRun=1", "?dry-run", "?dry-run=TRUE&wait=no")) {
			assertThat(JsonPath.<List<String>>read(send("POST", query, null).text(), "$.checks[*].check")).as(query)
				.contains("listeners");
		}
		for (String body : List.of("{\"dryRun\":true}", "{\"dry-run\":\"true\",\"boot\":false}")) {
			assertThat(JsonPath.<List<String>>read(send("POST", "", body).text(), "$.checks[*].check")).as(body)
				.contains("listeners");
		}
		assertNothingDone();
	}

	@Test
	void whenReadThenWhatIsInTheQueryDoesNotMatter() throws Exception {
		HttpAnswer answer = send("GET", "?_=1", null);
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		assertThat(JsonPath.<String>read(answer.text(), "$.state")).isEqualTo("serving");
	}

	private void assertNothingDone() {
		RestartStatus status = context.getBean(Restarter.class).status();
		assertThat(status.phase()).isEqualTo(RestartPhase.SERVING);
		assertThat(status.lastReport()).isNull();
	}

	private HttpAnswer send(String method, String query, String body) throws Exception {
		try (RawHttp http = RawHttp.connect(port, false, PATIENCE)) {
			http.write(method + " /actuator/reload" + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
					+ ((body != null)
							? "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body
							: "Content-Length: 0\r\n\r\n"));
			return http.read();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
