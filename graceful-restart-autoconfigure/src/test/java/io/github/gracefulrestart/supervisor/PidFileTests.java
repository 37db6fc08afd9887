package io.github.gracefulrestart.supervisor;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PidFileTests {

	@TempDir
	private Path directory;

	private Path path;

	private PidFile first;

	private PidFile second;

	@BeforeEach
	void create() {
		this.path = this.directory.resolve("run").resolve("app.pid");
		this.first = new PidFile(this.path, 11);
		this.second = new PidFile(this.path, 1234567);
	}

	@Test
	void whoClaimsItIsNamed() throws IOException {
		this.first.claim();
		assertThat(this.path).hasContent("11");
		this.second.claim();
		assertThat(this.path).hasContent("1234567");
		this.first.claim();
		assertThat(this.path).hasContent("11");
		try (Stream<Path> files = Files.list(this.path.getParent())) {
			assertThat(files).containsExactly(this.path);
		}
	}

	@Test
	void whoIsNotNamedDoesNotDeleteIt() throws IOException {
		this.first.claim();
		this.second.claim();
		this.first.release();
		assertThat(this.path).hasContent("1234567");
		this.second.release();
		assertThat(this.path).doesNotExist();
		this.second.release();
	}

	@Test
	void permissionsStayAsTheyWere() throws IOException {
		this.first.claim();
		Files.setPosixFilePermissions(this.path, PosixFilePermissions.fromString("rw-rw-r--"));
		this.second.claim();
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(this.path))).isEqualTo("rw-rw-r--");
	}

	@Test
	void whatWasMadeReadOnlyIsNotReplaced() throws IOException {
		this.first.claim();
		Files.setPosixFilePermissions(this.path, PosixFilePermissions.fromString("r--r--r--"));
		assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(this.second::claim)
			.withMessage(this.path + " (permission denied)");
		assertThat(this.path).hasContent("11");
	}

	@Test
	void aLinkIsNotFollowed() throws IOException {
		Path target = Files.writeString(this.directory.resolve("target"), "1");
		Files.createDirectories(this.path.getParent());
		Files.createSymbolicLink(this.path, target);
		assertThatExceptionOfType(IOException.class).isThrownBy(this.first::claim)
			.withMessage(this.path + " is a symbolic link, which is not followed");
		assertThat(target).hasContent("1");
	}

	@Test
	void whoLeavesPassesItOnOnlyIfItIsNamed() throws IOException {
		this.first.claim();
		this.first.passOn(22);
		assertThat(this.path).hasContent("22");
		this.first.passOn(33);
		assertThat(this.path).hasContent("22");
		this.first.release();
		assertThat(this.path).hasContent("22");
	}

	@Test
	void whatWasLeftBehindBesideItDoesNotMatter() throws IOException {
		Files.createDirectories(this.path.getParent());
		Path target = Files.writeString(this.directory.resolve("target"), "1");
		Files.createSymbolicLink(this.path.resolveSibling(".app.pid.11"), target);
		this.first.claim();
		assertThat(this.path).hasContent("11");
		assertThat(target).hasContent("1");
	}

	@ParameterizedTest
	@CsvSource({ "1, true", "11, false", "0, false", "'', false", "no pid, false", "99999999999999999999, false" })
	void aProcessThatRunsIsAnother(String content, boolean another) throws IOException {
		assertThat(this.first.namesAnother()).isFalse();
		Files.createDirectories(this.path.getParent());
		Files.writeString(this.path, content + "\n");
		assertThat(this.first.namesAnother()).isEqualTo(another);
	}

	@Test
	void whoReadsItMeanwhileFindsOneOfThem() throws Exception {
		this.first.claim();
		AtomicBoolean done = new AtomicBoolean();
		CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> {
			long reads = 0;
			while (!done.get() || reads == 0) {
				assertThat(this.path).content().isIn("11", "1234567");
				reads++;
			}
			return reads;
		});
		for (int i = 0; i < 500; i++) {
			this.second.claim();
			this.first.claim();
		}
		done.set(true);
		assertThat(reader.get()).isPositive();
	}

}
