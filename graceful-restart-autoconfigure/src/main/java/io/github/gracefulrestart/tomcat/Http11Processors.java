package io.github.gracefulrestart.tomcat;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The processors of a protocol. Tomcat uses them again and again and does not tell which
 * one serves a connection at the moment; but each knows what it serves.
 */
final class Http11Processors {

	private final Set<RestartableHttp11Processor> processors = Collections.newSetFromMap(new WeakHashMap<>());

	synchronized RestartableHttp11Processor add(RestartableHttp11Processor processor) {
		this.processors.add(processor);
		return processor;
	}

	/**
	 * Return what serves a connection. To be called by the thread that serves it.
	 * @param connection the connection
	 * @return its processor, or {@code null} if that is not one of HTTP/1.1
	 */
	synchronized @Nullable RestartableHttp11Processor serving(RestartableSocketWrapper connection) {
		for (RestartableHttp11Processor processor : this.processors) {
			if (processor.serves(connection)) {
				return processor;
			}
		}
		return null;
	}

}
