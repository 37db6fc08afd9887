package io.github.gracefulrestart.successor;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.gracefulrestart.PredecessorGoneEvent;
import io.github.gracefulrestart.RestartEndedEvent;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.generations.Generation;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.generations.ScriptedPredecessor;
import io.github.gracefulrestart.generations.Successor;
import io.github.gracefulrestart.handover.Message.Abort;
import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Connections;
import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.Ping;
import io.github.gracefulrestart.handover.Message.Pong;
import io.github.gracefulrestart.handover.Message.Proceed;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.handover.Message.Relieved;
import io.github.gracefulrestart.handover.Message.Report;
import io.github.gracefulrestart.handover.Message.Serving;
import io.github.gracefulrestart.handover.Message.Stopping;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.posix.SocketPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a generation that was launched for a restart does at what its predecessor says, or
 * does not say any more.
 */
class SuccessorRunTests {

	@TempDir
	private Path directory;

	@Test
	void whenToldToProceedThenItAccepts() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor().ready()) {
			Successor successor = predecessor.successor();
			assertThat(successor.phase()).isEqualTo(RestartPhase.INHERITING);
			assertThat(successor.generation().accepts()).isFalse();
			predecessor.say(new Proceed());
			assertThat(predecessor.expect(Serving.class).adopted()).containsExactly(Generation.KEY);
			assertThat(successor.generation().accepts()).isTrue();
			await().atMost(Limits.PATIENCE).until(() -> successor.phase() == RestartPhase.SUCCEEDING);
			predecessor.say(new Relieved(Limits.PATIENCE.toMillis()));
			await().atMost(Limits.PATIENCE).until(() -> !successor.generation().state().probationLeft().isZero());
			assertThat(successor.generation().phases()).containsExactly(RestartPhase.SUCCEEDING);
		}
	}

	@Test
	void whenToldToProceedBeforeItIsReadyThenItFails() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor().welcome()) {
			predecessor.say(new Proceed());
			assertThat(predecessor.expect(Failed.class).reason()).endsWith("PROCEED at the wrong time");
			assertThat(predecessor.successor().generation().accepts()).isFalse();
		}
	}

	@Test
	void whenAskedThenItAnswersBeforeItIsReady() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor().welcome().say(new Ping())) {
			predecessor.expect(Pong.class);
		}
	}

	@Test
	void whenTheApplicationHangsInAListenerThenItAnswersAllTheSame() throws Exception {
		CountDownLatch released = new CountDownLatch(1);
		CountDownLatch hangs = new CountDownLatch(1);
		try (ScriptedPredecessor predecessor = predecessor()) {
			predecessor.successor().generation().listener((event) -> {
				hangs.countDown();
				await().atMost(Limits.PATIENCE).until(() -> released.getCount() == 0);
			});
			predecessor.serve();
			assertThat(hangs.await(Limits.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
			predecessor.say(new Ping());
			predecessor.expect(Pong.class);
			predecessor.successor().stop(false);
			predecessor.expect(Stopping.class);
		}
		finally {
			released.countDown();
		}
	}

	@Test
	@Timeout(120)
	void whenTheLogHangsThenItAnswersAllTheSame() throws Exception {
		Logger logger = (Logger) LoggerFactory.getLogger(Restarter.class);
		CountDownLatch hangs = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				hangs.countDown();
				try {
					released.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}

		};
		appender.start();
		logger.addAppender(appender);
		try (ScriptedPredecessor predecessor = predecessor().serve()) {
			assertThat(hangs.await(Limits.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
			predecessor.say(new Ping());
			predecessor.expect(Pong.class);
			released.countDown();
		}
		finally {
			released.countDown();
			logger.detachAppender(appender);
		}
	}

	@Test
	void whenItIsAboutToBeToldToStopThenItDoesNotTakeOver() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor(new Limits().handover(Limits.SHORT)).welcome()) {
			Successor successor = predecessor.successor();
			successor.run().beginToClose();
			successor.ready();
			predecessor.expect(Ready.class);
			predecessor.say(new Proceed()).awaitFollowed();
			await().during(Limits.SHORT.multipliedBy(3))
				.atMost(Limits.PATIENCE)
				.until(() -> successor.phase() == RestartPhase.INHERITING && !successor.generation().accepts());
			successor.stop(false);
			assertThat(successor.phase()).isEqualTo(RestartPhase.LEAVING);
		}
	}

	@Test
	void whenThePredecessorReportsAndDiesThenItServesAlone() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor().serve()) {
			Successor successor = predecessor.successor();
			predecessor.say(new Report(Map.of("trigger", "test", "generation", "2")));
			predecessor.die();
			await().atMost(Limits.PATIENCE).until(() -> successor.generation().state().lastReport() != null);
			assertThat(successor.phase()).isEqualTo(RestartPhase.SERVING);
			assertThat(successor.generation().state().predecessorPid()).isNull();
			RestartReport report = successor.generation().state().lastReport();
			assertThat(report.trigger()).isEqualTo("test");
			assertThat(report.outcome()).isEqualTo(RestartOutcome.COMPLETED);
			List<Object> events = successor.generation().events();
			assertThat(events).extracting((event) -> (Object) event.getClass().getSimpleName())
				.endsWith("RestartPhaseEvent", PredecessorGoneEvent.class.getSimpleName(),
						RestartEndedEvent.class.getSimpleName());
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenThePredecessorDiesBeforeItHandsOverThenItServesWhenItIsReady(boolean ready) throws Exception {
		try (ScriptedPredecessor predecessor = predecessor()) {
			Successor successor = predecessor.successor();
			if (ready) {
				predecessor.ready();
			}
			else {
				predecessor.welcome();
			}
			predecessor.die();
			if (!ready) {
				await().atMost(Limits.PATIENCE).until(() -> !successor.link().canTakeBack());
				assertThat(successor.generation().accepts()).isFalse();
				successor.ready();
			}
			await().atMost(Limits.PATIENCE).until(() -> successor.generation().state().lastReport() != null);
			assertThat(successor.phase()).isEqualTo(RestartPhase.SERVING);
			assertThat(successor.generation().accepts()).isTrue();
			assertThat(successor.generation().phases()).containsExactly(RestartPhase.SUCCEEDING, RestartPhase.SERVING);
			assertThat(successor.generation().state().lastReport().reason())
				.isEqualTo("the predecessor died before it could report");
		}
	}

	@Test
	void whenThePredecessorDoesNotAnswerThenItServesBesideIt() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor(new Limits().handover(Limits.SHORT)).ready()) {
			predecessor.expect(Serving.class);
			Successor successor = predecessor.successor();
			await().atMost(Limits.PATIENCE).until(() -> successor.phase() == RestartPhase.SUCCEEDING);
			assertThat(successor.generation().accepts()).isTrue();
			// It was only slow
			predecessor.say(new Proceed()).awaitFollowed();
			assertThat(successor.phase()).isEqualTo(RestartPhase.SUCCEEDING);
		}
	}

	@Test
	void whenThePredecessorGivesUpThenItNeverServes() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor(new Limits().handover(Limits.SHORT)).welcome()) {
			Successor successor = predecessor.successor();
			predecessor.say(new Abort("another reason")).awaitFollowed();
			successor.ready();
			predecessor.expect(Ready.class);
			await().during(Limits.SHORT.multipliedBy(3))
				.atMost(Limits.PATIENCE)
				.until(() -> successor.phase() == RestartPhase.INHERITING && !successor.generation().accepts());
		}
	}

	@Test
	void whenTheApplicationMustNotServeThenThePredecessorIsTold() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor(new Limits().handover(Limits.SHORT)).welcome()) {
			Successor successor = predecessor.successor();
			successor.unfit("still cold");
			assertThat(predecessor.expect(Failed.class).reason()).isEqualTo("still cold");
			// It does not lose patience with a predecessor that does not answer
			await().during(Limits.SHORT.multipliedBy(3))
				.atMost(Limits.PATIENCE)
				.until(() -> successor.phase() == RestartPhase.INHERITING && !successor.generation().accepts());
			predecessor.say(new Proceed());
			assertThat(predecessor.expect(Failed.class).reason()).endsWith("PROCEED at the wrong time");
			assertThat(successor.generation().accepts()).isFalse();
		}
	}

	/**
	 * A service that is not warm is better than none.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenThePredecessorOfAnUnfitApplicationDiesThenItServesNevertheless(boolean before) throws Exception {
		try (ScriptedPredecessor predecessor = predecessor().welcome()) {
			Successor successor = predecessor.successor();
			if (before) {
				predecessor.die();
			}
			successor.unfit("still cold");
			if (!before) {
				predecessor.expect(Failed.class);
				predecessor.die();
			}
			await().atMost(Limits.PATIENCE).until(() -> successor.phase() == RestartPhase.SERVING);
			assertThat(successor.generation().accepts()).isTrue();
		}
	}

	@Test
	void whenOnlyTheConnectionEndsThenThePredecessorDecides() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor(new Limits().handover(Duration.ofSeconds(10))).ready()) {
			Successor successor = predecessor.successor();
			predecessor.hangUp();
			await().during(Limits.SHORT.multipliedBy(3))
				.atMost(Limits.PATIENCE)
				.until(() -> successor.phase() == RestartPhase.INHERITING && !successor.generation().accepts());
			predecessor.die();
			await().atMost(Limits.PATIENCE).until(() -> successor.phase() == RestartPhase.SERVING);
			assertThat(successor.generation().accepts()).isTrue();
		}
	}

	@Test
	void whenThePredecessorRollsBackThenItStopsToAcceptUntilThePredecessorDies() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor().serve()) {
			Successor successor = predecessor.successor();
			predecessor.say(new Abort("a reason"));
			await().atMost(Limits.PATIENCE).until(() -> !successor.generation().accepts());
			assertThat(successor.host().done()).containsExactly("beginDrain");
			assertThat(successor.phase()).isEqualTo(RestartPhase.SUCCEEDING);
			predecessor.die();
			await().atMost(Limits.PATIENCE).until(() -> successor.phase() == RestartPhase.SERVING);
			assertThat(successor.generation().accepts()).isTrue();
			assertThat(successor.host().done()).containsExactly("beginDrain", "cancel");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenToldToStopThenThePredecessorServesInstead(boolean wanted) throws Exception {
		try (ScriptedPredecessor predecessor = predecessor(
				new Limits().drain(Duration.ofSeconds(60)).termination(Duration.ofSeconds(5)))
			.serve()) {
			Successor successor = predecessor.successor();
			await().atMost(Limits.PATIENCE).until(() -> successor.phase() == RestartPhase.SUCCEEDING);
			successor.stop(wanted);
			assertThat(successor.generation().accepts()).isFalse();
			assertThat(predecessor.expect(Stopping.class).wanted()).isEqualTo(wanted);
			assertThat(successor.phase()).isEqualTo(RestartPhase.LEAVING);
			successor.run().awaitFinished();
			assertThat(successor.limits()).containsExactly(Duration.ofSeconds(63));
		}
	}

	@Test
	void whenToldToStopBeforeItServesThenItSaysSo() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor(new Limits().termination(Duration.ofSeconds(4))).ready()) {
			Successor successor = predecessor.successor();
			successor.stop(true);
			assertThat(predecessor.expect(Failed.class).reason()).isEqualTo("it is shutting down");
			assertThat(successor.phase()).isEqualTo(RestartPhase.LEAVING);
			assertThat(successor.limits()).containsExactly(Duration.ofSeconds(3));
			// Whatever comes now
			predecessor.say(new Proceed()).awaitFollowed();
			assertThat(successor.generation().accepts()).isFalse();
		}
	}

	@Test
	void whenToldToStopAfterThePredecessorHasLeftThenItDoesNotAsk() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor().serve()) {
			Successor successor = predecessor.successor();
			predecessor.say(new Report(Map.of("trigger", "test")));
			predecessor.awaitFollowed();
			successor.stop(true);
			assertThat(successor.phase()).isEqualTo(RestartPhase.LEAVING);
			// The web server stops as it does without a restart
			assertThat(successor.generation().accepts()).isTrue();
			assertThat(successor.host().done()).isEmpty();
			assertThat(successor.limits()).isEmpty();
			predecessor.awaitFollowed();
		}
	}

	@Test
	void whenItShouldNotServeThenItAsksThePredecessorToRollBack() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor().ready()) {
			Successor successor = predecessor.successor();
			assertThat(successor.run().rollBack("too early")).isFalse();
			predecessor.say(new Proceed());
			predecessor.expect(Serving.class);
			await().atMost(Limits.PATIENCE).until(() -> successor.phase() == RestartPhase.SUCCEEDING);
			assertThat(successor.run().rollBack("no database")).isTrue();
			assertThat(predecessor.expect(TakeBack.class).reason()).isEqualTo("no database");
		}
	}

	@Test
	void whenThePredecessorBreaksTheProtocolThenItAsksItToRollBack() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor().serve()) {
			await().atMost(Limits.PATIENCE).until(() -> predecessor.successor().phase() == RestartPhase.SUCCEEDING);
			predecessor.say(new Welcome(2, List.of(), List.of()));
			assertThat(predecessor.expect(TakeBack.class).reason()).endsWith("WELCOME at the wrong time");
		}
	}

	@Test
	void whenConnectionsMoveThenItServesThoseThatItHasAListenerFor() throws Exception {
		try (ScriptedPredecessor predecessor = predecessor().ready();
				SocketChannel client = SocketChannel.open(predecessor.generation().host().listener().localAddress())) {
			Successor successor = predecessor.successor();
			await().atMost(Limits.PATIENCE).until(() -> predecessor.generation().host().connections().idle() == 1);
			predecessor.generation().host().listener().gate().close();
			predecessor.say(new Proceed());
			predecessor.expect(Serving.class);
			SocketPair addresses = new SocketPair((InetSocketAddress) client.getRemoteAddress(),
					(InetSocketAddress) client.getLocalAddress());
			int descriptor = Descriptors.ofConnections().get(addresses);
			List<ConnectionState> states = List.of(new ConnectionState(Duration.ZERO, 100));
			predecessor.say(new Connections(1, Generation.KEY, states), List.of(descriptor));
			assertThat(predecessor.expect(Adopted.class).refused()).isEmpty();
			client.write(ByteBuffer.wrap(new byte[] { 9 }));
			assertThat(successor.host().read()).isEqualTo((byte) 9);
			predecessor.say(new Connections(2, new ListenerKey("other", "127.0.0.1:1"), states), List.of(descriptor));
			Adopted answer = predecessor.expect(Adopted.class);
			assertThat(answer.refused()).containsExactly(0);
			assertThat(answer.reason()).contains("no listener other");
		}
	}

	@Test
	void whenADryRunIsReadyThenItSaysSoAndNeverServes() throws Exception {
		try (ScriptedPredecessor predecessor = new ScriptedPredecessor(this.directory,
				new Limits().handover(Limits.SHORT), true)) {
			predecessor.ready();
			Successor successor = predecessor.successor();
			await().during(Limits.SHORT.multipliedBy(3))
				.atMost(Limits.PATIENCE)
				.until(() -> successor.phase() == RestartPhase.INHERITING && !successor.generation().accepts());
			predecessor.die();
			await().atMost(Limits.PATIENCE).until(() -> successor.departures().equals(List.of(false)));
			assertThat(successor.generation().accepts()).isFalse();
		}
	}

	private ScriptedPredecessor predecessor() throws Exception {
		return predecessor(new Limits());
	}

	private ScriptedPredecessor predecessor(Limits limits) throws Exception {
		return new ScriptedPredecessor(this.directory, limits);
	}

}
