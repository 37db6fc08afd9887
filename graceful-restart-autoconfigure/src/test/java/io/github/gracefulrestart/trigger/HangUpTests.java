package io.github.gracefulrestart.trigger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.trigger.HangUp.Meaning;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is concluded from what can be known. What terminals really do is seen in
 * {@code TerminalIT}.
 */
@Execution(ExecutionMode.CONCURRENT)
class HangUpTests {

	private volatile boolean terminal = true;

	private volatile boolean open = true;

	private volatile boolean predecessor = true;

	private boolean led;

	private HangUp ofFirstGeneration() {
		return new HangUp(new Stage(null));
	}

	private HangUp ofSuccessor() {
		return new HangUp(new Stage(1L));
	}

	@Test
	void whenThereIsNoTerminalThenItIsAnOrder() {
		this.terminal = false;
		assertThat(ofFirstGeneration().isPossible()).isFalse();
		assertThat(ofFirstGeneration().meaning()).isEqualTo(Meaning.ORDER);
		assertThat(ofSuccessor().meaning()).isEqualTo(Meaning.ORDER);
	}

	@Test
	void whenTheTerminalStaysThenItIsAnOrder() {
		assertThat(ofFirstGeneration().isPossible()).isTrue();
		assertThat(ofFirstGeneration().meaning()).isEqualTo(Meaning.ORDER);
		HangUp successor = ofSuccessor();
		this.predecessor = false;
		assertThat(successor.meaning()).isEqualTo(Meaning.ORDER);
	}

	@Test
	void whenTheTerminalIsGoneThenItIsNoOrder() {
		HangUp first = ofFirstGeneration();
		HangUp successor = ofSuccessor();
		this.terminal = false;
		assertThat(first.meaning()).isEqualTo(Meaning.TERMINAL_GONE);
		// Both got it, and the predecessor is about to end
		assertThat(successor.meaning()).isEqualTo(Meaning.TERMINAL_GONE);
	}

	@Test
	void whenTheTerminalGoesAfterTheSignalThenItIsNoOrder() throws Exception {
		CompletableFuture<Meaning> meaning = CompletableFuture.supplyAsync(ofFirstGeneration()::meaning);
		var unused = CompletableFuture.runAsync(() -> this.terminal = false,
				CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
		assertThat(meaning.get(10, TimeUnit.SECONDS)).isEqualTo(Meaning.TERMINAL_GONE);
	}

	@Test
	void whenSignalsComeQuicklyThenTheyAreJudgedTogether() throws Exception {
		HangUp first = ofFirstGeneration();
		ExecutorService threads = Executors.newFixedThreadPool(5);
		try {
			List<Meaning> meanings = new ArrayList<>();
			for (Future<Meaning> meaning : threads
				.invokeAll(Collections.nCopies(5, (Callable<Meaning>) first::meaning))) {
				meanings.add(meaning.get());
			}
			assertThat(meanings).containsOnlyOnce(Meaning.ORDER).containsOnly(Meaning.ORDER, Meaning.MERGED);
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void whenThePredecessorIsGoneWithTheTerminalThenTheSuccessorStays() {
		HangUp successor = ofSuccessor();
		this.terminal = false;
		this.predecessor = false;
		assertThat(successor.meaning()).isEqualTo(Meaning.PREDECESSOR_GONE);
		// The process at the other end was quick
		this.open = false;
		assertThat(successor.meaning()).isEqualTo(Meaning.PREDECESSOR_GONE);
	}

	@Test
	void whenThePredecessorWasGoneBeforeTheTerminalThenTheTerminalIsMeant() {
		HangUp inAScript = ofSuccessor();
		this.led = true;
		HangUp led = ofSuccessor();
		inAScript.watch();
		led.watch();
		this.predecessor = false;
		Awaitility.await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
		this.terminal = false;
		this.led = false;
		// The script had something to do before it ended
		assertThat(inAScript.meaning()).isEqualTo(Meaning.PREDECESSOR_GONE);
		this.open = false;
		assertThat(inAScript.meaning()).isEqualTo(Meaning.TERMINAL_GONE);
		this.led = true;
		assertThat(led.meaning()).isEqualTo(Meaning.PREDECESSOR_GONE);
	}

	@Test
	void whenThePredecessorIsLongGoneThenTheTerminalIsMeant() {
		HangUp successor = ofSuccessor();
		successor.watch();
		this.predecessor = false;
		Awaitility.await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
		this.terminal = false;
		assertThat(successor.meaning()).isEqualTo(Meaning.TERMINAL_GONE);
	}

	/**
	 * Once the end of the predecessor has explained that of the terminal, no signal ends
	 * the service any more, whenever it comes.
	 */
	@Test
	void whenThePredecessorHasTakenTheTerminalAlongThenALaterSignalIsAnOrder() {
		HangUp successor = ofSuccessor();
		successor.watch();
		this.predecessor = false;
		// It is noticed before that of the terminal is
		Awaitility.await().pollDelay(Duration.ofMillis(150)).until(() -> true);
		this.terminal = false;
		assertThat(successor.meaning()).isEqualTo(Meaning.PREDECESSOR_GONE);
		Awaitility.await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
		this.open = false;
		Set<Meaning> meanings = EnumSet.noneOf(Meaning.class);
		Awaitility.await().until(() -> {
			Meaning meaning = successor.meaning();
			meanings.add(meaning);
			return meaning == Meaning.ORDER;
		});
		assertThat(meanings).containsExactlyInAnyOrder(Meaning.PREDECESSOR_GONE, Meaning.ORDER);
	}

	@Test
	void whenTheTerminalIsLongGoneThenItIsAnOrder() {
		HangUp first = ofFirstGeneration();
		first.watch();
		this.terminal = false;
		assertThat(first.meaning()).isEqualTo(Meaning.TERMINAL_GONE);
		Awaitility.await().until(() -> first.meaning() == Meaning.ORDER);
	}

	/**
	 * A session as the test wants it.
	 */
	private final class Stage extends Session {

		private Stage(Long predecessor) {
			super(predecessor);
		}

		@Override
		boolean hasTerminal() {
			return HangUpTests.this.terminal;
		}

		@Override
		boolean isTerminalOpen() {
			return HangUpTests.this.open;
		}

		@Override
		boolean isPredecessorRunning() {
			return HangUpTests.this.predecessor && hasPredecessor();
		}

		@Override
		boolean isLedByPredecessor() {
			return HangUpTests.this.led;
		}

	}

}
