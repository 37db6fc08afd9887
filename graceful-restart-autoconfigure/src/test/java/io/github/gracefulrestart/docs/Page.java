package io.github.gracefulrestart.docs;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A page of the documentation.
 *
 * @param path where it is
 * @param text its text
 */
public record Page(Path path, String text) {

	/**
	 * The directory of the project. Tests are also looked for in a process that runs in
	 * another directory than their module's.
	 */
	public static final Path PROJECT = project();

	private static final Pattern FENCED = Pattern.compile("^```.*?^```", Pattern.MULTILINE | Pattern.DOTALL);

	private static final Pattern CODE = Pattern.compile("`[^`\n]*`");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

	private static Path project() {
		try {
			Path directory = Path.of(Page.class.getProtectionDomain().getCodeSource().getLocation().toURI());
			while (!Files.exists(directory.resolve("mvnw"))) {
				directory = directory.getParent();
			}
			return directory;
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Read a page.
	 * @param path its path below the project's directory
	 * @return the page
	 * @throws IOException if it cannot be read
	 */
	public static Page read(String path) throws IOException {
		return read(PROJECT.resolve(path));
	}

	static Page read(Path path) throws IOException {
		return new Page(path, Files.readString(path));
	}

	/**
	 * Return what stands between the two comments that enclose a generated part.
	 * @param name the name of the part
	 * @return the lines between {@code <!-- begin name -->} and {@code <!-- end name -->}
	 */
	public String generated(String name) {
		String begin = "<!-- begin " + name + " -->\n";
		int from = this.text.indexOf(begin);
		int to = this.text.indexOf("<!-- end " + name + " -->");
		if (from < 0 || to < from) {
			throw new AssertionError(this.path + " has no part '" + name + "'");
		}
		return this.text.substring(from + begin.length(), to);
	}

	/**
	 * Return the targets of all links, but not of those in code.
	 */
	List<String> links() {
		return LINK.matcher(CODE.matcher(FENCED.matcher(this.text).replaceAll("")).replaceAll("code"))
			.results()
			.map((result) -> result.group(1))
			.toList();
	}

	/**
	 * Return the names by which a link reaches the headings, as GitHub makes them.
	 */
	List<String> anchors() {
		return HEADING.matcher(FENCED.matcher(this.text).replaceAll("")).results().map(Page::anchor).toList();
	}

	private static String anchor(MatchResult heading) {
		return heading.group(1)
			.strip()
			.replaceAll("\\]\\([^)]*\\)", "")
			.toLowerCase(Locale.ROOT)
			.replaceAll("[^\\p{L}\\p{N} _-]", "")
			.replace(' ', '-');
	}

}
