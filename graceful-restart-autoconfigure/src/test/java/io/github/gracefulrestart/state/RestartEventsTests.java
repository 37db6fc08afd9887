package io.github.gracefulrestart.state;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RestartEventsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final List<Integer> published = new CopyOnWriteArrayList<>();

	@Test
	void whenManyArePublishedThenAllComeInOrder() {
		RestartEvents events = new RestartEvents(this::note);
		List<Integer> all = IntStream.range(0, 1000).boxed().toList();
		all.forEach((number) -> events.publish(event(number)));
		events.await(PATIENCE);
		assertThat(this.published).isEqualTo(all);
	}

	@Test
	void whenAListenerHangsThenWhoPublishesGoesOn() {
		CountDownLatch release = new CountDownLatch(1);
		RestartEvents events = new RestartEvents((event) -> {
			await().atMost(PATIENCE).until(() -> release.getCount() == 0);
			note(event);
		});
		events.publish(event(1));
		events.publish(event(2));
		events.await(Duration.ofMillis(20));
		assertThat(this.published).isEmpty();
		release.countDown();
		events.await(PATIENCE);
		assertThat(this.published).containsExactly(1, 2);
	}

	@Test
	void whenAListenerThrowsAnErrorThenTheOthersCome() {
		RestartEvents events = new RestartEvents((event) -> {
			note(event);
			throw new NoClassDefFoundError("listener");
		});
		events.publish(event(1));
		events.publish(event(2));
		events.await(PATIENCE);
		assertThat(this.published).containsExactly(1, 2);
	}

	/**
	 * It ends the process, which waits for events in turn.
	 */
	@Test
	void whenAListenerWaitsForEventsThenDoesNotWaitForItself() {
		CountDownLatch waited = new CountDownLatch(1);
		RestartEvents[] events = new RestartEvents[1];
		events[0] = new RestartEvents((event) -> {
			events[0].await(PATIENCE.multipliedBy(2));
			waited.countDown();
		});
		events[0].publish(event(1));
		await().atMost(PATIENCE).until(() -> waited.getCount() == 0);
	}

	private void note(Object event) {
		this.published.add((Integer) ((ApplicationEvent) event).getSource());
	}

	private static ApplicationEvent event(Integer number) {
		return new Numbered(number);
	}

	private static final class Numbered extends ApplicationEvent {

		private static final long serialVersionUID = 1L;

		private Numbered(Integer number) {
			super(number);
		}

	}

}
