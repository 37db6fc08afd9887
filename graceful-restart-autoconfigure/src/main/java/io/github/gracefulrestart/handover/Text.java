package io.github.gracefulrestart.handover;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Texts of messages. Where they come from there may be a whole page, an exception that
 * quotes one for example; a frame takes 65,535 bytes for each, and at most three bytes
 * are a character.
 */
public final class Text {

	private static final int MAX_CHARS = 16_000;

	/** There are some dozen in a map, and all of them must fit into one frame. */
	private static final int MAX_CHARS_IN_MAP = 2_000;

	private static final int MAX_ENTRIES = 80;

	private Text() {
	}

	static String shorten(String text) {
		return shorten(text, MAX_CHARS);
	}

	private static String shorten(String text, int chars) {
		return (text.length() <= chars) ? text : text.substring(0, chars);
	}

	static Map<String, String> shorten(Map<String, String> entries) {
		Map<String, String> shortened = new LinkedHashMap<>();
		for (Map.Entry<String, String> entry : entries.entrySet()) {
			if (shortened.size() == MAX_ENTRIES) {
				break;
			}
			shortened.put(shorten(entry.getKey(), MAX_CHARS_IN_MAP), shorten(entry.getValue(), MAX_CHARS_IN_MAP));
		}
		return shortened;
	}

}
