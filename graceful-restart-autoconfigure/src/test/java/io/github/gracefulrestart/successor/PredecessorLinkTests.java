package io.github.gracefulrestart.successor;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.gracefulrestart.PredecessorGoneEvent;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartPhaseEvent;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.handover.Message;
import io.github.gracefulrestart.handover.Message.Left;
import io.github.gracefulrestart.handover.Message.Proceed;
import io.github.gracefulrestart.handover.Message.Report;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.handover.MutatedFrames;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.listener.TestTransport;
import io.github.gracefulrestart.posix.DescriptorChannel;
import io.github.gracefulrestart.posix.DescriptorServer;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;
import io.github.gracefulrestart.successor.PredecessorEvent.Gone;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PredecessorLink}, and of what follows it.
 */
class PredecessorLinkTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration DRAIN = Duration.ofSeconds(60);

	private static final Duration TERMINATION = Duration.ofSeconds(5);

	/** More than the kernel counts to. */
	private static final long DEAD = 1L << 23;

	@TempDir
	private Path directory;

	private Path socket;

	@BeforeEach
	void prepare() throws IOException {
		this.socket = this.directory.resolve("control").resolve("s");
		Files.createDirectories(this.directory.resolve("control"));
	}

	@Test
	void whenAnOrphanIsToldToStopThenItDoesNotBeginToServe() throws Exception {
		PredecessorLink link = open(DEAD);
		Listeners listeners = new Listeners(link.listeners(), false);
		RestartState state = new RestartState(RestartPhase.INHERITING, 2, DEAD, (event) -> {
		});
		SuccessorRun role = role(state, link, listeners);
		try (Listener listener = listen(listeners)) {
			role.begin();
			role.beginToClose();
			role.ready();
			assertThat(state.phase()).isEqualTo(RestartPhase.INHERITING);
			assertThat(listener.gate().isOpen()).isFalse();
			role.stop(true);
			assertThat(state.phase()).isEqualTo(RestartPhase.LEAVING);
			assertThat(listener.gate().isOpen()).isFalse();
		}
	}

	@Test
	void whenThePredecessorHasReportedThenItCannotTakeBack() throws Exception {
		try (DescriptorServer server = DescriptorServer.bind(this.socket)) {
			PredecessorLink link = open(ProcessHandle.current().pid());
			assertThat(link.canTakeBack()).isTrue();
			try (DescriptorChannel predecessor = server.accept()) {
				send(predecessor, MutatedFrames.bytes(new Welcome(2, List.of(), List.of())));
				send(predecessor, MutatedFrames.bytes(new Report(Map.of())));
				await().atMost(PATIENCE).until(() -> !link.canTakeBack());
				assertThat(link.flag().isPredecessorRunning()).isTrue();
				link.close();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenThePredecessorIsGoneThenWhoFollowedItIsNotKept(boolean late) {
		PredecessorLink link = open(DEAD);
		if (late) {
			AtomicBoolean gone = new AtomicBoolean();
			link.whenPredecessorGone(() -> gone.set(true));
			await().atMost(PATIENCE).untilTrue(gone);
		}
		WeakReference<SuccessorRun> role = serve(link);
		await().atMost(PATIENCE).until(() -> {
			System.gc();
			return role.get() == null;
		});
		assertThat(link.canTakeBack()).isFalse();
	}

	private WeakReference<SuccessorRun> serve(PredecessorLink link) {
		RestartState state = new RestartState(RestartPhase.INHERITING, 2, DEAD, (event) -> {
		});
		SuccessorRun role = role(state, link, new Listeners(link.listeners(), false));
		role.begin();
		role.ready();
		await().atMost(PATIENCE).until(() -> state.phase() == RestartPhase.SERVING);
		return new WeakReference<>(role);
	}

	/**
	 * What was PID 1 of a container lives on as its keeper.
	 */
	@Test
	void whenThePredecessorHasLeftThenItIsGoneThoughItsProcessLivesOn() throws Exception {
		List<Object> events = new CopyOnWriteArrayList<>();
		RestartState state = new RestartState(RestartPhase.INHERITING, 2, ProcessHandle.current().pid(), events::add);
		leave(state, List.of(new Report(Map.of("trigger", "test")), new Left()));
		await().atMost(PATIENCE).until(() -> state.phase() == RestartPhase.SERVING);
		await().atMost(PATIENCE).until(() -> events.stream().anyMatch(PredecessorGoneEvent.class::isInstance));
		assertThat(state.predecessorPid()).isNull();
		await().atMost(PATIENCE).until(() -> state.lastReport() != null);
		assertThat(state.lastReport().trigger()).isEqualTo("test");
	}

	/**
	 * The negative control of the test above.
	 */
	@Test
	void whenThePredecessorHasNotLeftThenItsProcessDecides() throws Exception {
		for (List<Message> last : List.<List<Message>>of(List.of(new Report(Map.of())), List.of(new Left()))) {
			List<Object> events = new CopyOnWriteArrayList<>();
			RestartState state = new RestartState(RestartPhase.INHERITING, 2, ProcessHandle.current().pid(),
					events::add);
			PredecessorLink link = leave(state, last);
			await().during(Duration.ofSeconds(3))
				.atMost(PATIENCE)
				.until(() -> state.phase() == RestartPhase.SUCCEEDING);
			assertThat(events).noneMatch(PredecessorGoneEvent.class::isInstance);
			// No thread must wait for the end of this process any longer
			link.events().add(new Gone());
			await().atMost(PATIENCE).until(() -> state.phase() == RestartPhase.SERVING);
		}
	}

	/**
	 * Be a predecessor, in this process, that says something last and closes its end.
	 */
	private PredecessorLink leave(RestartState state, List<Message> last) throws IOException {
		try (DescriptorServer server = DescriptorServer.bind(this.socket)) {
			PredecessorLink link = open(ProcessHandle.current().pid());
			SuccessorRun role = role(state, link, new Listeners(link.listeners(), false));
			role.begin();
			try (DescriptorChannel predecessor = server.accept()) {
				send(predecessor, MutatedFrames.bytes(new Welcome(2, List.of(), List.of())));
				role.ready();
				send(predecessor, MutatedFrames.bytes(new Proceed()));
				await().atMost(PATIENCE).until(() -> state.phase() == RestartPhase.SUCCEEDING);
				for (Message message : last) {
					send(predecessor, MutatedFrames.bytes(message));
				}
			}
			return link;
		}
		finally {
			Files.delete(this.socket);
		}
	}

	@Test
	void theWatchHearsOfProbationBeforeTheApplication() {
		SelfCheck watch = new SelfCheck(null, List.of(), new SelfCheck.Settings(PATIENCE, PATIENCE, 1));
		List<ApplicationListener<?>> heard = new ArrayList<>(List.of(new Hanging(), watch));
		AnnotationAwareOrderComparator.sort(heard);
		assertThat(heard).first().isSameAs(watch);
		assertThat(watch).isInstanceOf(PriorityOrdered.class);
	}

	private PredecessorLink open(long predecessor) {
		return PredecessorLink
			.open(new SuccessorFlag(predecessor, this.socket, "token", 2, false, SuccessorFlag.Handover.NONE));
	}

	private SuccessorRun role(RestartState state, PredecessorLink link, Listeners listeners) {
		RestartSettings settings = new Limits().drain(DRAIN).termination(TERMINATION).settings(this.directory);
		return new SuccessorRun(state, link, listeners, new ListenerHosts(), settings, (pid, drained, left) -> {
		});
	}

	private static Listener listen(Listeners listeners) throws IOException {
		return listeners.open(new ListenerKey("server", "127.0.0.1:0"), 1, TestTransport.loopback());
	}

	private static void send(DescriptorChannel predecessor, byte[] bytes) throws IOException {
		predecessor.send(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), List.of());
	}

	/**
	 * A listener of an application.
	 */
	private static final class Hanging implements ApplicationListener<RestartPhaseEvent>, Ordered {

		@Override
		public void onApplicationEvent(RestartPhaseEvent event) {
			await().forever().until(() -> false);
		}

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

	}

}
