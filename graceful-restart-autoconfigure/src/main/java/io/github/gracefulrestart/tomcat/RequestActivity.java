package io.github.gracefulrestart.tomcat;

import org.apache.catalina.Container;
import org.apache.catalina.Engine;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardWrapper;

/**
 * Whether any request is being processed in an engine, as Spring Boot's graceful shutdown
 * sees it: allocated servlets and asynchronous requests. What is being parsed or flushed
 * is not seen here.
 */
final class RequestActivity {

	private final Engine engine;

	RequestActivity(Engine engine) {
		this.engine = engine;
	}

	boolean isActive() {
		for (Container host : this.engine.findChildren()) {
			for (Container context : host.findChildren()) {
				if (((StandardContext) context).getInProgressAsyncCount() > 0) {
					return true;
				}
				for (Container wrapper : context.findChildren()) {
					if (((StandardWrapper) wrapper).getCountAllocated() > 0) {
						return true;
					}
				}
			}
		}
		return false;
	}

}
