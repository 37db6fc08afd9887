package io.github.gracefulrestart.options.launcher;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Makes paths of the names in arguments, which are bytes; here each is one character.
 *
 * @param directory where the process starts
 * @param charset in which arguments name files
 */
public record FileNames(Path directory, Charset charset) {

	/**
	 * Find a file.
	 * @param name its name
	 * @return where it is, or {@code null} if a path with that name cannot be made here
	 */
	public @Nullable Path resolve(String name) {
		String text = text(name);
		try {
			return bytes(text).equals(name) ? this.directory.resolve(text) : null;
		}
		catch (InvalidPathException ex) {
			return null;
		}
	}

	/**
	 * Return bytes as text, for messages.
	 */
	public String text(String bytes) {
		return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), this.charset);
	}

	/**
	 * Return text in the form of arguments, one character for each byte.
	 */
	public String bytes(String text) {
		return new String(text.getBytes(this.charset), StandardCharsets.ISO_8859_1);
	}

}
