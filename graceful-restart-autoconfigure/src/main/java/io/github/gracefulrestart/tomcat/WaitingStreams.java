package io.github.gracefulrestart.tomcat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.apache.coyote.NonPipeliningProcessor;
import org.apache.coyote.Processor;

/**
 * The HTTP/2 streams whose requests are being processed asynchronously. Their connection
 * does not show them; but Tomcat tells its protocol when a request begins to wait, and
 * when it waits no longer, before the stream's objects are used for another one.
 */
final class WaitingStreams {

	/**
	 * With each stream, whether its end has been begun.
	 */
	private final Map<Processor, Boolean> streams = new ConcurrentHashMap<>();

	void add(Processor processor) {
		// Of all processors only those of streams
		if (processor instanceof NonPipeliningProcessor) {
			this.streams.putIfAbsent(processor, false);
		}
	}

	void remove(Processor processor) {
		this.streams.remove(processor);
	}

	/**
	 * End streams, each once. While a stream is being ended it is not removed, and
	 * therefore still the one that it seems to be.
	 * @param end ends a stream or returns {@code false} to let it go on
	 */
	void endEach(Predicate<Processor> end) {
		for (Processor stream : this.streams.keySet()) {
			this.streams.computeIfPresent(stream, (processor, ended) -> ended || end.test(processor));
		}
	}

}
