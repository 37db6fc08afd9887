package io.github.gracefulrestart.it.supervisor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.github.gracefulrestart.it.Commands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The images in the jar are what their source says.
 */
class NativeImagesIT {

	private static final Path MAIN = Path.of(System.getProperty("library.sources")).getParent();

	@TempDir
	private Path built;

	@Test
	void whenBuiltAgainThenTheImagesAreTheSame() throws Exception {
		Commands.require("gcc", "aarch64-linux-gnu-gcc");
		Commands.run(MAIN.resolve("native/build").toString(), this.built.toString());
		List<Path> images = images(this.built);
		assertThat(images).hasSize(4);
		Path resources = MAIN.resolve("resources/io/github/gracefulrestart/posix");
		assertThat(images(resources)).isEqualTo(images);
		for (Path image : images) {
			assertThat(resources.resolve(image)).hasSameBinaryContentAs(this.built.resolve(image));
		}
	}

	private static List<Path> images(Path directory) throws Exception {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter(Files::isRegularFile).map(directory::relativize).sorted().toList();
		}
	}

}
