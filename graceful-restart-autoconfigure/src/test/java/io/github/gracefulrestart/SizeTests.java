package io.github.gracefulrestart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.gracefulrestart.docs.Page;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps the files and packages of all modules small enough to be read.
 */
class SizeTests {

	private static final int LINES = 450;

	/** Beside what describes the package. */
	private static final int FILES = 20;

	/** Lists of entries. */
	private static final Set<String> LONGER = Set.of("GracefulRestartProperties.java");

	@Test
	void filesAreShort() throws IOException {
		for (Path file : sources()) {
			if (!LONGER.contains(file.getFileName().toString())) {
				assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(LINES);
			}
		}
	}

	@Test
	void packagesAreSmallOrSayWhyNot() throws IOException {
		Map<Path, List<Path>> packages = sources().stream().collect(Collectors.groupingBy(Path::getParent));
		assertThat(packages).hasSizeGreaterThan(FILES);
		for (Map.Entry<Path, List<Path>> entry : packages.entrySet()) {
			// Tests follow the packages that they test
			boolean described = Files.exists(entry.getKey().resolve("package-info.java"));
			if (entry.getValue().size() > FILES && described) {
				assertThat(entry.getKey().resolve("package-info.java")).content().contains("Large on purpose: ");
			}
		}
	}

	private static List<Path> sources() throws IOException {
		try (Stream<Path> files = Files.walk(Page.PROJECT)) {
			return files.filter((file) -> file.toString().endsWith(".java"))
				.filter((file) -> file.toString().contains("/src/") && !file.toString().contains("/target/"))
				.toList();
		}
	}

}
