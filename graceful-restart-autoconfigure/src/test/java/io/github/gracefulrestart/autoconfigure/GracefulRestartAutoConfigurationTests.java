package io.github.gracefulrestart.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.PreflightCheck;
import io.github.gracefulrestart.PreflightReport;
import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.actuate.GenerationInfoContributor;
import io.github.gracefulrestart.actuate.ReloadEndpoint;
import io.github.gracefulrestart.actuate.RestartMetrics;
import io.github.gracefulrestart.boot.EarlyStartListener;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.tomcat.RestartableTomcatCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.HttpHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GracefulRestartAutoConfigurationTests {

	private static final Class<?>[] ALL = { GracefulRestartAutoConfiguration.class,
			GracefulRestartTomcatAutoConfiguration.class, GracefulRestartActuatorAutoConfiguration.class,
			GracefulRestartHealthAutoConfiguration.class, GracefulRestartMetricsAutoConfiguration.class,
			GracefulRestartDisabledAutoConfiguration.class };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ALL));

	private final ApplicationContextRunner enabled = this.runner.withPropertyValues("graceful.restart.enabled=true");

	@ParameterizedTest
	@ValueSource(strings = { "graceful.restart.enabled=false", "graceful.restart.signals=USR2" })
	void whenDisabledThenThereIsARestarterThatRefuses(String property) {
		this.runner.withPropertyValues(property, "management.endpoints.web.exposure.include=*").run((context) -> {
			assertThat(ours(context.getSourceApplicationContext())).containsExactly("gracefulRestarter");
			Restarter restarter = context.getBean(Restarter.class);
			assertThat(restarter.status().phase()).isEqualTo(RestartPhase.SERVING);
			assertThatRefused(() -> restarter.restart("test"));
			assertThatRefused(() -> restarter.dryRun("test", true));
			assertThatRefused(() -> restarter.rollBack("test"));
		});
	}

	private static void assertThatRefused(ThrowingCallable call) {
		assertThatExceptionOfType(RestartRefusedException.class).isThrownBy(call).satisfies((ex) -> {
			assertThat(ex.kind()).isEqualTo(RestartRefusedException.Kind.UNAVAILABLE);
			assertThat(ex).hasMessage("graceful restarts are disabled. Set graceful.restart.enabled=true and start the "
					+ "service again to use them");
		});
	}

	@Test
	void whenEnabledThenThereIsARestarter() {
		this.enabled.run((context) -> {
			assertThat(context).hasSingleBean(Restarter.class);
			assertThat(context).hasSingleBean(Listeners.class);
			assertThat(context).hasSingleBean(RestartableTomcatCustomizer.class);
			assertThat(context).hasSingleBean(RestartMetrics.class);
			assertThat(context.getBean(Restarter.class).status().phase()).isEqualTo(RestartPhase.STARTING);
			assertThat(context.getBean(Restarter.class).status().generation()).isEqualTo(1);
		});
	}

	@Test
	void whenTheApplicationHasARestarterThenThereIsNothingOfOurs() {
		this.enabled.withUserConfiguration(OwnRestarter.class)
			.withPropertyValues("management.endpoints.web.exposure.include=*")
			.run((context) -> {
				assertThat(context).hasSingleBean(Restarter.class);
				assertThat(ours(context.getSourceApplicationContext())).containsExactly("ownRestarter");
			});
	}

	@Test
	void whenTheApplicationHasChecksThenTheyAreMadeInTheirOrder() {
		this.enabled.withUserConfiguration(OwnChecks.class).run((context) -> {
			PreflightReport report = context.getBean(Preflight.class).run(2);
			assertThat(report.passed()).isFalse();
			List<PreflightResult> last = report.results().subList(report.results().size() - 2, report.results().size());
			assertThat(last.get(0)).isEqualTo(PreflightResult.refused("fleet", "generation 2 waits"));
			assertThat(last.get(1).check()).isEqualTo("application");
			assertThat(last.get(1).verdict()).isEqualTo(PreflightResult.Verdict.REFUSED);
			assertThat(last.get(1).message()).contains("IllegalStateException: no answer");
		});
	}

	@Test
	void withoutTomcatThereIsNoCustomizer() {
		this.enabled.withClassLoader(new FilteredClassLoader(TomcatWebServerFactory.class)).run((context) -> {
			assertThat(context).hasSingleBean(Restarter.class);
			assertThat(context).doesNotHaveBean("gracefulRestartTomcatCustomizer");
		});
		this.enabled
			.withClassLoader(new FilteredClassLoader("org.apache.catalina", "org.apache.coyote", "org.apache.tomcat",
					"org.springframework.boot.tomcat"))
			.run((context) -> assertThat(context).hasSingleBean(Restarter.class));
	}

	@Test
	void withoutActuatorThereIsNoEndpoint() {
		this.enabled.withPropertyValues("management.endpoints.web.exposure.include=*")
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> {
				assertThat(context).hasSingleBean(Restarter.class);
				assertThat(context).doesNotHaveBean("reloadEndpoint");
				assertThat(context).doesNotHaveBean("gracefulRestartInfoContributor");
			});
	}

	@Test
	void withoutMicrometerThereAreNoMetrics() {
		this.enabled.withClassLoader(new FilteredClassLoader("io.micrometer")).run((context) -> {
			assertThat(context).hasSingleBean(Restarter.class);
			assertThat(context).doesNotHaveBean("gracefulRestartMetrics");
		});
		this.enabled.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).doesNotHaveBean("gracefulRestartMetrics"));
	}

	@Test
	void endpointIsThereOnlyWhenExposed() {
		this.enabled.run((context) -> assertThat(context).doesNotHaveBean(ReloadEndpoint.class));
		this.enabled.withPropertyValues("management.endpoints.web.exposure.include=health,info")
			.run((context) -> assertThat(context).doesNotHaveBean(ReloadEndpoint.class));
		this.enabled.withPropertyValues("management.endpoints.web.exposure.include=reload")
			.run((context) -> assertThat(context).hasSingleBean(ReloadEndpoint.class));
	}

	@Test
	void infoTellsTheGeneration() {
		this.enabled.run((context) -> {
			Info.Builder builder = new Info.Builder();
			context.getBean(GenerationInfoContributor.class).contribute(builder);
			assertThat(builder.build().getDetails()).containsEntry("gracefulRestart",
					Map.of("generation", 1, "pid", ProcessHandle.current().pid(), "state", "starting"));
		});
	}

	@Test
	void drainTimeoutIsThatOfSpringUnlessSet() {
		this.enabled.run((context) -> assertThat(drainSeconds(context.getSourceApplicationContext())).isEqualTo(30));
		this.enabled.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=7s")
			.run((context) -> assertThat(drainSeconds(context.getSourceApplicationContext())).isEqualTo(7));
		this.enabled
			.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=7s", "graceful.restart.drain-timeout=8s")
			.run((context) -> assertThat(drainSeconds(context.getSourceApplicationContext())).isEqualTo(8));
	}

	private static long drainSeconds(ConfigurableApplicationContext context) {
		return context.getBean(RestartSettings.class).drainTimeout().toSeconds();
	}

	private static List<String> ours(ConfigurableApplicationContext context) {
		return Arrays.stream(context.getBeanDefinitionNames()).filter((name) -> {
			Class<?> type = context.getType(name);
			return type != null && type.getName().startsWith("io.github.gracefulrestart.")
					&& !AnnotatedElementUtils.isAnnotated(type, Configuration.class) && !name.equals("handler");
		}).toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRestarter {

		@Bean
		Restarter ownRestarter() {
			return Restarter.unavailable("of the application");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnChecks {

		@Bean
		@Order(2)
		PreflightCheck brokenCheck() {
			return (generation) -> {
				throw new IllegalStateException("no answer");
			};
		}

		@Bean
		@Order(1)
		PreflightCheck lockCheck(Restarter restarter) {
			return (generation) -> List
				.of(PreflightResult.refused("fleet", "generation " + (restarter.status().generation() + 1) + " waits"));
		}

	}

	/**
	 * What begins before there is a context needs a {@code SpringApplication}.
	 */
	@Nested
	class Started {

		@ParameterizedTest
		@ValueSource(classes = { Servlet.class, Reactive.class })
		void whenEnabledThenTheWebServersListenerCanBeHandedOver(Class<?> type) {
			try (ConfigurableApplicationContext context = start(type, "--graceful.restart.enabled=true",
					"--graceful.restart.signals=WINCH", "--server.port=0", "--server.address=127.0.0.1")) {
				Restarter restarter = context.getBean(Restarter.class);
				assertThat(restarter.status().phase()).isEqualTo(RestartPhase.SERVING);
				assertThat(restarter.status().listeners()).singleElement().satisfies((listener) -> {
					assertThat(listener.name()).isEqualTo("server");
					assertThat(listener.accepting()).isTrue();
					assertThat(listener.address()).endsWith(":" + port(context));
				});
				assertThat(context.containsBean(EarlyStartListener.BEAN_NAME)).isTrue();
			}
		}

		@ParameterizedTest
		@ValueSource(classes = { Servlet.class, Reactive.class })
		void whenDisabledThenOnlyARestarterOfOursIsThere(Class<?> type) {
			try (ConfigurableApplicationContext context = start(type, "--server.port=0")) {
				assertThat(ours(context)).containsExactly("gracefulRestarter");
				assertThat(context.containsBean(EarlyStartListener.BEAN_NAME)).isFalse();
			}
		}

		@Test
		void whenSignalIsWrongThenFailsBeforeThereIsAContext() {
			assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(
					() -> start(Servlet.class, "--graceful.restart.enabled=true", "--graceful.restart.signals=TERM"))
				.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("graceful.restart.signals"));
		}

		@Test
		void whenRequiredButDisabledThenFails() {
			assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
				.isThrownBy(() -> start(Servlet.class, "--graceful.restart.required=true"))
				.satisfies((ex) -> {
					assertThat(ex.getName()).isEqualTo("graceful.restart.required");
					assertThat(ex.getReason()).contains("graceful.restart.enabled=false", "set that to true");
				});
		}

		@Test
		void whenRequiredAndAvailableThenStarts() {
			try (ConfigurableApplicationContext context = start(Servlet.class, "--graceful.restart.enabled=true",
					"--graceful.restart.required=true", "--graceful.restart.signals=", "--server.port=0")) {
				assertThat(context.isRunning()).isTrue();
			}
		}

		private static int port(ConfigurableApplicationContext context) {
			return ((WebServerApplicationContext) context).getWebServer().getPort();
		}

		private static ConfigurableApplicationContext start(Class<?> type, String... arguments) {
			SpringApplication application = new SpringApplication(type);
			application.setWebApplicationType(
					(type == Servlet.class) ? WebApplicationType.SERVLET : WebApplicationType.REACTIVE);
			application.setRegisterShutdownHook(false);
			return application.run(arguments);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ TomcatServletWebServerAutoConfiguration.class, GracefulRestartAutoConfiguration.class,
			GracefulRestartTomcatAutoConfiguration.class, GracefulRestartDisabledAutoConfiguration.class })
	static class Servlet {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ TomcatReactiveWebServerAutoConfiguration.class, GracefulRestartAutoConfiguration.class,
			GracefulRestartTomcatAutoConfiguration.class, GracefulRestartDisabledAutoConfiguration.class })
	static class Reactive {

		@Bean
		HttpHandler handler() {
			return (request, response) -> response.setComplete();
		}

	}

}
