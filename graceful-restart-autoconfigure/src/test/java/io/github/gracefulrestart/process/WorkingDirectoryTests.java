package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WorkingDirectoryTests {

	@TempDir
	Path directory;

	private Path release1;

	private Path release2;

	private Path current;

	@BeforeEach
	void createReleases() throws IOException {
		this.release1 = Files.createDirectory(this.directory.resolve("release-1"));
		this.release2 = Files.createDirectory(this.directory.resolve("release-2"));
		this.current = Files.createSymbolicLink(this.directory.resolve("current"), this.release1);
	}

	@Test
	void whenLinkIsSwitchedThenFollowsIt() throws IOException {
		WorkingDirectory working = WorkingDirectory.of(this.current.toString(), this.release1);
		Files.delete(this.current);
		Files.createSymbolicLink(this.current, this.release2);
		assertThat(working.forSuccessor()).isEqualTo(this.current);
		assertThat(working.forSuccessor().toRealPath()).isEqualTo(this.release2.toRealPath());
	}

	@Test
	void whenHintIsStaleMissingOrMalformedThenIsNotUsed() throws IOException {
		for (String hint : new String[] { null, this.release2.toString(), this.directory.resolve("x").toString(),
				"\0" }) {
			assertThat(WorkingDirectory.of(hint, this.release1).forSuccessor()).isEqualTo(this.release1);
		}
	}

	@Test
	void whenDirectoryIsGoneThenSaysSo() throws IOException {
		WorkingDirectory working = WorkingDirectory.of(null, this.release1);
		Files.delete(this.release1);
		assertThatExceptionOfType(LaunchException.class).isThrownBy(working::forSuccessor)
			.withMessage("the working directory " + this.release1 + " does not exist any more");
	}

	@Test
	void currentExists() throws IOException {
		assertThat(WorkingDirectory.current().forSuccessor().toRealPath()).isEqualTo(Path.of("").toRealPath());
	}

}
