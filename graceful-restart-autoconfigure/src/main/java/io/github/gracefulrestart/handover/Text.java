package io.github.gracefulrestart.handover;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Texts of messages. A text may be long, such as the message of an exception that quotes
 * a whole page, but a field takes 65,535 bytes at most, and a character has up to three
 * bytes.
 */
public final class Text {

	private static final int MAX_CHARS = 16_000;

	/** Shorter, because a map has some dozen texts, which must fit into one frame. */
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
