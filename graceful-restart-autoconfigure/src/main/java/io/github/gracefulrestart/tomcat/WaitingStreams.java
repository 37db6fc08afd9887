package io.github.gracefulrestart.tomcat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.apache.coyote.NonPipeliningProcessor;
import org.apache.coyote.Processor;

/**
 * The HTTP/2 streams whose requests are being processed asynchronously. Their connection
 * does not show them; but Tomcat notifies its protocol when a request begins to wait, and
 * when it no longer waits, before the stream's objects are reused.
 */
final class WaitingStreams {

	/**
	 * The streams, each with a flag whether its end has been started.
	 */
	private final Map<Processor, Boolean> streams = new ConcurrentHashMap<>();

	void add(Processor processor) {
		// Only the processors of streams
		if (processor instanceof NonPipeliningProcessor) {
			this.streams.putIfAbsent(processor, false);
		}
	}

	void remove(Processor processor) {
		this.streams.remove(processor);
	}

	/**
	 * End streams, each once. A stream is not removed while it is being ended, so its
	 * objects are not reused for another one.
	 * @param end ends a stream, or returns {@code false} to let it continue
	 */
	void endEach(Predicate<Processor> end) {
		for (Processor stream : this.streams.keySet()) {
			this.streams.computeIfPresent(stream, (processor, ended) -> ended || end.test(processor));
		}
	}

}
