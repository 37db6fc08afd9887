package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.posix.PlatformText;

/**
 * The environment of this JVM as the kernel knows it: byte strings. The JDK has them too,
 * but shows them only as text in its charset.
 */
final class OwnEnvironment {

	private static final Path OWN = Path.of("/proc/self/environ");

	/** The character that the JDK shows for bytes that its charset does not know. */
	private static final char REPLACEMENT = '\uFFFD';

	private OwnEnvironment() {
	}

	/**
	 * Turn an environment that was derived from this JVM's into bytes again.
	 * @param environment names and values, decoded by the JDK where they are this JVM's
	 * @param charset the charset for what has been added
	 * @return {@code NAME=value} for each, with the original bytes of variables that have
	 * not changed
	 */
	static List<byte[]> encode(Map<String, String> environment, Charset charset) {
		try {
			return encode(environment, charset, Files.readAllBytes(OWN));
		}
		catch (IOException ex) {
			// Only root can read the environment of a program with file capabilities
			return encode(environment, charset, new byte[0]);
		}
	}

	/**
	 * Return the variables that cannot be passed on unchanged, because the kernel does
	 * not show their bytes and they are not valid text for the JDK.
	 * @return names, none if {@code /proc/self/environ} can be read
	 */
	static List<String> damaged() {
		return Files.isReadable(OWN) ? List.of() : damaged(System.getenv(), PlatformText.charset());
	}

	static List<String> damaged(Map<String, String> environment, Charset charset) {
		return environment.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().indexOf(REPLACEMENT) >= 0
					|| !new String(entry.getValue().getBytes(charset), charset).equals(entry.getValue()))
			.map(Map.Entry::getKey)
			.sorted()
			.toList();
	}

	static List<byte[]> encode(Map<String, String> environment, Charset charset, byte[] own) {
		Map<String, byte[]> known = new HashMap<>();
		int start = 0;
		for (int i = 0; i < own.length; i++) {
			if (own[i] == 0) {
				byte[] entry = Arrays.copyOfRange(own, start, i);
				known.put(new String(entry, charset), entry);
				// The charset that the JDK decodes with depends on its version
				known.put(new String(entry, Charset.defaultCharset()), entry);
				start = i + 1;
			}
		}
		List<byte[]> result = new ArrayList<>();
		environment.forEach((name, value) -> {
			String entry = name + "=" + value;
			result.add(known.getOrDefault(entry, entry.getBytes(charset)));
		});
		return result;
	}

}
