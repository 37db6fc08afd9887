package io.github.gracefulrestart.handover;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.posix.ChildDescriptors;
import io.github.gracefulrestart.posix.Descriptor;

/**
 * The listening sockets that a successor receives when it is launched. If the predecessor
 * is killed before the handover, the successor still holds them, so that the accept
 * queues and the clients in them survive.
 */
public final class SpareListeners {

	private SpareListeners() {
	}

	/**
	 * Describe them for the environment.
	 * @param listeners the listeners
	 * @return the description
	 */
	public static String describe(List<ListenerKey> listeners) {
		return listeners.stream()
			.map((listener) -> encode(listener.name()) + "=" + encode(listener.address()))
			.collect(Collectors.joining("&"));
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	/**
	 * Find the listening sockets of this process.
	 * @param description the value of the environment variable
	 * @return the descriptors, none if the environment was meant for another process
	 */
	public static Map<ListenerKey, Descriptor> own(String description) throws IOException {
		List<ListenerKey> listeners = read(description);
		List<Descriptor> descriptors = ChildDescriptors.passedListeners(listeners.size());
		Map<ListenerKey, Descriptor> spares = new LinkedHashMap<>();
		for (int i = 0; i < descriptors.size(); i++) {
			spares.put(listeners.get(i), descriptors.get(i));
		}
		return spares;
	}

	static List<ListenerKey> read(String description) {
		try {
			return Stream.of(description.split("&"))
				.map((entry) -> entry.split("="))
				// A newer predecessor may append fields to each
				.filter((entry) -> entry.length >= 2)
				.map((entry) -> new ListenerKey(decode(entry[0]), decode(entry[1])))
				.toList();
		}
		catch (IllegalArgumentException ex) {
			// The variable was changed on the way
			return List.of();
		}
	}

	private static String decode(String text) {
		return URLDecoder.decode(text, StandardCharsets.UTF_8);
	}

}
