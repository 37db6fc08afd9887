package io.github.gracefulrestart.boot;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application contexts of this JVM, including those in which graceful restarts are
 * disabled: a restart replaces the JVM, and with it all of their web servers. Static,
 * because contexts that do not know each other share nothing else.
 */
public final class ApplicationContexts {

	private static final List<WeakReference<ApplicationContext>> contexts = new CopyOnWriteArrayList<>();

	private ApplicationContexts() {
	}

	static void add(ApplicationContext context) {
		contexts.removeIf((reference) -> reference.get() == null || reference.get() == context);
		contexts.add(new WeakReference<>(context));
	}

	/**
	 * Return why one of the contexts of this JVM may not restart it.
	 * @param own the context whose restarter is asked
	 * @return the obstacles, empty if no other context has a web server
	 */
	public static List<String> obstacles(ApplicationContext own) {
		List<String> others = contexts.stream()
			.map(WeakReference::get)
			.filter((context) -> context != own)
			.map(ApplicationContexts::describe)
			.filter(Objects::nonNull)
			.toList();
		if (others.isEmpty()) {
			return List.of();
		}
		String named = describe(own);
		if (named == null) {
			return List.of("the application context \"" + own.getId() + "\" has no web server of its own. Ask "
					+ String.join(" or ", others) + " of this JVM, whose restarter and endpoint can hand over");
		}
		return List.of((others.size() + 1) + " applications in this JVM have a web server, of which a restart hands "
				+ "over one: " + named + " and " + String.join(", ", others)
				+ ". Start each in a JVM of its own to restart it");
	}

	/**
	 * Return the name and port of a context with a web server, or {@code null} if it has
	 * none.
	 */
	private static @Nullable String describe(@Nullable ApplicationContext context) {
		if (!(context instanceof ConfigurableApplicationContext configurable) || !configurable.isActive()
				|| !(context instanceof WebServerApplicationContext web)) {
			return null;
		}
		WebServer server = web.getWebServer();
		if (server == null) {
			return "\"" + context.getId() + "\" (starting)";
		}
		int port = server.getPort();
		return (port > 0) ? "\"" + context.getId() + "\" (port " + port + ")" : null;
	}

}
