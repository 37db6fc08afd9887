package io.github.gracefulrestart.docs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the documentation together: links lead somewhere, and each page can be found.
 */
class DocumentationTests {

	private static final Set<String> NO_PAGES = Set.of("target", "src", ".git");

	private static final int README_LINES = 150;

	static List<Path> pages() throws IOException {
		List<Path> pages = new ArrayList<>();
		Files.walkFileTree(Page.PROJECT, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
				boolean skipped = !directory.equals(Page.PROJECT)
						&& NO_PAGES.contains(directory.getFileName().toString());
				return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				if (file.toString().endsWith(".md")) {
					pages.add(Page.PROJECT.relativize(file));
				}
				return FileVisitResult.CONTINUE;
			}

		});
		return pages;
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyRelativeLinkLeadsSomewhere(Path path) throws IOException {
		Page page = Page.read(Page.PROJECT.resolve(path));
		for (String link : page.links()) {
			if (!link.contains("://") && !link.startsWith("mailto:")) {
				assertThat(problem(page, link)).as("link to %s in %s", link, path).isNull();
			}
		}
	}

	private static String problem(Page page, String link) throws IOException {
		int hash = link.indexOf('#');
		String file = (hash < 0) ? link : link.substring(0, hash);
		Path target = file.isEmpty() ? page.path() : page.path().resolveSibling(file).normalize();
		if (!Files.exists(target)) {
			return target + " does not exist";
		}
		if (hash < 0 || Page.read(target).anchors().contains(link.substring(hash + 1))) {
			return null;
		}
		return target + " has no such heading, only " + Page.read(target).anchors();
	}

	@Test
	void everyPageIsInTheIndex() throws IOException {
		List<String> index = Page.read("docs/README.md").links();
		try (Stream<Path> pages = Files.list(Page.PROJECT.resolve("docs"))) {
			assertThat(pages.map((page) -> page.getFileName().toString()))
				.filteredOn((name) -> name.endsWith(".md") && !name.equals("README.md"))
				.isNotEmpty()
				.isSubsetOf(index);
		}
	}

	@Test
	void everyDecisionIsInTheIndex() throws IOException {
		List<String> index = Page.read("docs/decisions/README.md").links();
		try (Stream<Path> pages = Files.list(Page.PROJECT.resolve("docs/decisions"))) {
			assertThat(pages.map((page) -> page.getFileName().toString()))
				.filteredOn((name) -> !name.equals("README.md"))
				.isNotEmpty()
				.isSubsetOf(index);
		}
	}

	@Test
	void theReadmeIsShort() throws IOException {
		assertThat(Page.read("README.md").text().lines()).hasSizeLessThanOrEqualTo(README_LINES);
	}

}
