package io.github.gracefulrestart.posix;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Text as the JDK encodes it for the operating system: in arguments, variables and names
 * of files. Text that the JDK has decoded is encoded to the same bytes again.
 */
public final class PlatformText {

	private PlatformText() {
	}

	/**
	 * Return the charset. It is not the default charset, which is UTF-8 since JDK 18.
	 * @return the charset
	 */
	public static Charset charset() {
		String name = System.getProperty("sun.jnu.encoding");
		return (name != null && Charset.isSupported(name)) ? Charset.forName(name) : StandardCharsets.US_ASCII;
	}

	/**
	 * Return a text with a character for each byte.
	 * @param text any text
	 * @return the bytes as the operating system gets them
	 */
	public static String bytes(String text) {
		return new String(text.getBytes(charset()), StandardCharsets.ISO_8859_1);
	}

}
