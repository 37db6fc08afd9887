package io.github.gracefulrestart.sample;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * An event stream that ticks until its client leaves, the asked number of ticks is
 * reached, this process drains (if that is asked for) or the application stops. It stops
 * in the first lifecycle phase: the web server's graceful shutdown, a later one, waits
 * for the streams to end.
 */
@RestController
class StreamController implements SmartLifecycle {

	private final Set<SseEmitter> emitters = ConcurrentHashMap.newKeySet();

	private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "sample-ticker");
		thread.setDaemon(true);
		return thread;
	});

	private final HandoverSwitch handover;

	private volatile boolean running;

	StreamController(HandoverSwitch handover) {
		this.handover = handover;
	}

	@GetMapping("/stream")
	SseEmitter stream(@RequestParam(defaultValue = "0") long ticks, @RequestParam(defaultValue = "500") long ms,
			@RequestParam(defaultValue = "false") boolean untilHandover) {
		return begin(ticks, ms, untilHandover);
	}

	/**
	 * Answers one question with a number of events, as a language model does. Clients do
	 * not repeat the question.
	 */
	@PostMapping(path = "/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	SseEmitter chat(@RequestParam(defaultValue = "100") long ticks, @RequestParam(defaultValue = "100") long ms,
			@RequestParam(defaultValue = "false") boolean untilHandover) {
		return begin(ticks, ms, untilHandover);
	}

	private SseEmitter begin(long ticks, long ms, boolean untilHandover) {
		SseEmitter emitter = new SseEmitter(0L);
		AtomicLong count = new AtomicLong();
		ScheduledFuture<?> ticking = this.ticker.scheduleAtFixedRate(() -> tick(emitter, count, ticks, untilHandover),
				0, ms, TimeUnit.MILLISECONDS);
		emitter.onCompletion(() -> {
			ticking.cancel(false);
			this.emitters.remove(emitter);
		});
		this.emitters.add(emitter);
		if (!this.running) {
			emitter.complete();
		}
		return emitter;
	}

	private void tick(SseEmitter emitter, AtomicLong count, long ticks, boolean untilHandover) {
		long number = count.incrementAndGet();
		try {
			emitter.send(SseEmitter.event().name("tick").id(Long.toString(number)).data(Identity.CURRENT.toString()));
			if (untilHandover ? this.handover.past().isDone() : (number == ticks)) {
				emitter.send(SseEmitter.event().name("done").data(number));
				emitter.complete();
			}
		}
		catch (IOException | IllegalStateException ex) {
			// The client has left, or the stream was completed in the meantime
			emitter.completeWithError(ex);
		}
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.emitters.forEach(SseEmitter::complete);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
