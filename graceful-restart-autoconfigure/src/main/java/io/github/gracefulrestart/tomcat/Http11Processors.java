package io.github.gracefulrestart.tomcat;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The processors of an HTTP/1.1 protocol. Tomcat reuses them and does not show which one
 * serves a connection at the moment; but each processor knows the connection that it
 * serves.
 */
final class Http11Processors {

	private final Set<RestartableHttp11Processor> processors = Collections.newSetFromMap(new WeakHashMap<>());

	synchronized RestartableHttp11Processor add(RestartableHttp11Processor processor) {
		this.processors.add(processor);
		return processor;
	}

	/**
	 * Return the processor of a connection. To be called by the thread that serves it.
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
