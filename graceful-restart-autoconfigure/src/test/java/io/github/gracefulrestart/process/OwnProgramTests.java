package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is started once more is what runs, whatever it calls itself.
 */
class OwnProgramTests {

	@TempDir
	Path directory;

	private Path java;

	private Path stranger;

	@BeforeEach
	void createPrograms() throws IOException {
		this.java = Files.createFile(Files.createDirectories(this.directory.resolve("jdk/bin")).resolve("java"));
		this.stranger = Files.createFile(this.directory.resolve("sleep"));
	}

	@Test
	void whenTheNameLeadsToWhatRunsThenItsPathIsKept() throws IOException {
		Path link = Files.createSymbolicLink(this.directory.resolve("current"), this.java);
		assertThat(OwnProgram.of("current", link, this.java, false))
			.isEqualTo(new OwnProgram(link, "current", true, null));
	}

	@Test
	void whenTheNameLeadsElsewhereOrNowhereThenWhatRunsCounts() {
		assertThat(OwnProgram.of("sleep", this.stranger, this.java, false))
			.isEqualTo(new OwnProgram(this.java, "sleep", true, null));
		assertThat(OwnProgram.of("shop", null, this.java, false))
			.isEqualTo(new OwnProgram(this.java, "shop", true, null));
		assertThat(OwnProgram.of("-java", this.directory.resolve("-java"), this.java, false))
			.isEqualTo(new OwnProgram(this.java, "-java", true, null));
	}

	@Test
	void whenAStarterIsTheJvmThenItIsStartedOnceMore() {
		assertThat(OwnProgram.of("shop", null, this.stranger, false))
			.isEqualTo(new OwnProgram(this.stranger, "shop", false, null));
	}

	@Test
	void whenAStarterRunsTheJvmInAChildThenSaysWhatToDo() {
		assertThat(OwnProgram.of("shop", null, this.stranger, true).problem())
			.startsWith("this JVM was started by " + this.stranger + ", which runs it in a child process")
			.endsWith("Name a program that starts the service with graceful.restart.launch.command");
		assertThat(OwnProgram.of("jsvc.exec", null, Path.of("/usr/bin/jsvc"), false).problem())
			.startsWith("this JVM was started by /usr/bin/jsvc, ");
		// Two generations have the same command line
		assertThat(OwnProgram.of("java", this.java, this.java, true).problem()).isNull();
	}

	@Test
	void whenWhatRunsIsNotKnownThenSaysWhatToDo() {
		OwnProgram unknown = OwnProgram.of("shop", this.stranger, null, false);
		assertThat(unknown.file()).isNull();
		assertThat(unknown.problem()).contains("shop is a name that its starter chose")
			.endsWith("Name a JDK with graceful.restart.launch.java-home");
	}

	@Test
	void thisJvmIsFound() throws IOException {
		OwnProgram own = OwnProgram.current(this.directory, false);
		assertThat(own.java()).isTrue();
		assertThat(own.problem()).isNull();
		assertThat(own.knownFile()).isExecutable();
		assertThat(Files.isSameFile(own.knownFile(), Path.of(System.getProperty("java.home"), "bin/java"))).isTrue();
	}

}
