package io.github.gracefulrestart.process;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Text as the JDK encodes it for the operating system: in arguments, variables and names
 * of files.
 */
final class PlatformText {

	private PlatformText() {
	}

	/**
	 * Return the charset. It is not the default charset, which is UTF-8 since JDK 18.
	 */
	static Charset charset() {
		String name = System.getProperty("sun.jnu.encoding");
		return (name != null && Charset.isSupported(name)) ? Charset.forName(name) : StandardCharsets.US_ASCII;
	}

	/**
	 * Return a text with a character for each byte.
	 */
	static String bytes(String text) {
		return new String(text.getBytes(charset()), StandardCharsets.ISO_8859_1);
	}

}
