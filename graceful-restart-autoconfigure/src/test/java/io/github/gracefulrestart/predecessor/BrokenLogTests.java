package io.github.gracefulrestart.predecessor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.RestartEndedEvent;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.preflight.Preflights;
import io.github.gracefulrestart.state.RestartEvents;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.PayloadApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of a restart when nothing can be logged, for want of memory or of a class.
 */
class BrokenLogTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Logger logger = (Logger) LoggerFactory.getLogger(Restarter.class);

	private final BrokenAppender appender = new BrokenAppender();

	private final List<ApplicationEvent> events = new CopyOnWriteArrayList<>();

	private final RestartState state = new RestartState(RestartPhase.PREFLIGHT, 1, null,
			(event) -> this.events.add((ApplicationEvent) event));

	@TempDir
	private Path directory;

	@BeforeEach
	void breakLog() {
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void repairLog() {
		this.logger.detachAppender(this.appender);
	}

	@Test
	void whenARestartIsRefusedThenThisProcessServesOn() {
		run(Preflights.of((generation) -> List.of(PreflightResult.refused("check", "something is in the way")))).run();
		assertThat(this.state.phase()).isEqualTo(RestartPhase.SERVING);
		assertThat(report().outcome()).isEqualTo(RestartOutcome.REFUSED);
	}

	@Test
	void whenARestartIsStoppedThenThisProcessLeaves() {
		PredecessorRun run = run(Preflights.none());
		run.stop();
		run.run();
		assertThat(this.state.phase()).isEqualTo(RestartPhase.LEAVING);
		assertThat(report().outcome()).isEqualTo(RestartOutcome.STOPPED);
	}

	@Test
	void whenAListenerFailsThenTheOthersHearOfWhatFollows() {
		List<Object> heard = new CopyOnWriteArrayList<>();
		RestartEvents published = new RestartEvents((event) -> {
			heard.add(((PayloadApplicationEvent<?>) event).getPayload());
			throw new IllegalStateException("listener");
		});
		published.publish(new PayloadApplicationEvent<>(this, 1));
		published.publish(new PayloadApplicationEvent<>(this, 2));
		published.await(PATIENCE);
		assertThat(heard).containsExactly(1, 2);
	}

	@Test
	void whenADryRunFailsThenItsEndIsPublished() {
		CompletableFuture<DryRunReport> result = new CompletableFuture<>();
		new DryRun(parts(Preflights.of((generation) -> {
			throw new NoClassDefFoundError("check");
		})), "test", false, result).run();
		assertThat(result).isCompletedExceptionally();
		assertThat(this.state.phase()).isEqualTo(RestartPhase.SERVING);
		this.state.awaitEvents(PATIENCE);
		assertThat(this.events).last().isInstanceOfSatisfying(RestartEndedEvent.class, (event) -> {
			assertThat(event.getReport().outcome()).isEqualTo(RestartOutcome.DRY_RUN);
			assertThat(event.getReport().reason()).contains("NoClassDefFoundError: check");
		});
	}

	private PredecessorRun run(Preflight preflight) {
		return new PredecessorRun(parts(preflight), "test", new PendingAttempt(), (pid, drained, left) -> {
		});
	}

	private RunParts parts(Preflight preflight) {
		return new RunParts(this.state, new ListenerHosts(), (flag, listeners, scratch) -> {
			throw new IllegalStateException("not launched");
		}, ApplicationJars.ofThisJvm(), settings(), preflight);
	}

	private RestartReport report() {
		RestartReport report = this.state.lastReport();
		assertThat(report).isNotNull();
		return report;
	}

	private RestartSettings settings() {
		return new Limits().probation(PATIENCE).settings(this.directory);
	}

	/**
	 * An appender whose error reaches the caller, as it does for a class that cannot be
	 * loaded.
	 */
	private static final class BrokenAppender extends AppenderBase<ILoggingEvent> {

		@Override
		public synchronized void doAppend(ILoggingEvent event) {
			append(event);
		}

		@Override
		protected void append(ILoggingEvent event) {
			throw new NoClassDefFoundError("appender");
		}

	}

}
