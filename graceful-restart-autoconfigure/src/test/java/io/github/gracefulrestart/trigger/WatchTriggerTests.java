package io.github.gracefulrestart.trigger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.RestartAttempt;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.RestartStatus;
import io.github.gracefulrestart.Restarter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * With real files, and a restarter that notes what it is asked for.
 */
class WatchTriggerTests {

	private static final Duration QUIET = Duration.ofMillis(100);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** Longer than it takes to look, and to be quiet, several times. */
	private static final Duration NOTHING = Duration.ofMillis(600);

	@TempDir
	Path directory;

	private final NotingRestarter restarter = new NotingRestarter();

	private @Nullable WatchTrigger trigger;

	@AfterEach
	void stop() {
		if (this.trigger != null) {
			this.trigger.stop();
		}
	}

	@Test
	void whenAFileIsWrittenThenOneRestartIsTriggered() throws Exception {
		Path file = write("app.jar", "one");
		watch(file);
		this.restarter.assertNotAsked();
		Files.writeString(file, "two, and longer");
		this.restarter.assertAskedOnce();
		Files.writeString(file, "three");
		this.restarter.assertAskedOnce();
	}

	@Test
	void whenAFileIsReplacedByOneOfTheSameSizeAndAgeThenARestartIsTriggered() throws Exception {
		Path file = write("app.jar", "one");
		watch(file);
		Path other = write("other.jar", "two");
		Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
		Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
		this.restarter.assertAskedOnce();
	}

	@Test
	void whenAVolumeOfKubernetesIsUpdatedThenOnlyItsLinkCounts() throws Exception {
		Path data = this.directory.resolve("..data");
		Files.createDirectory(this.directory.resolve("..1"));
		Files.createSymbolicLink(data, Path.of("..1"));
		watch(this.directory);
		// As kubelet does it: a new directory, files in it, then the link
		Path next = Files.createDirectory(this.directory.resolve("..2"));
		Files.writeString(next.resolve("application.yaml"), "a: b");
		this.restarter.assertNotAsked();
		Files.createSymbolicLink(this.directory.resolve("..data_tmp"), Path.of("..2"));
		Files.move(this.directory.resolve("..data_tmp"), data, StandardCopyOption.ATOMIC_MOVE);
		this.restarter.assertAskedOnce();
	}

	@Test
	void whenAFileInADirectoryChangesThenARestartIsTriggered() throws Exception {
		write("a.properties", "a=b");
		watch(this.directory);
		write("b.properties", "b=c");
		this.restarter.assertAskedOnce();
		Files.delete(this.directory.resolve("a.properties"));
		this.restarter.assertAskedOnce();
	}

	@Test
	void whenAFileVanishesThenARestartIsTriggeredWhenItIsBack() throws Exception {
		Path file = write("app.jar", "one");
		watch(file);
		Files.delete(file);
		this.restarter.assertNotAsked();
		write("app.jar", "two");
		this.restarter.assertAskedOnce();
	}

	@Test
	void whenAFileDoesNotExistThenARestartIsTriggeredWhenItAppears() throws Exception {
		watch(this.directory.resolve("later"));
		write("later", "now");
		this.restarter.assertAskedOnce();
	}

	/** A change is not forgotten, and not acted on before this process serves again. */
	@Test
	void whenARestartIsUnderWayThenAChangeWaitsForItsEnd() throws Exception {
		Path file = write("app.jar", "one");
		watch(file);
		this.restarter.phase = RestartPhase.DRAINING;
		write("app.jar", "two, and longer");
		this.restarter.assertNotAsked();
		this.restarter.refusal = RestartRefusedException.underWay("another trigger was faster");
		this.restarter.phase = RestartPhase.SERVING;
		assertThat(this.restarter.putOff.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("watch");
		this.restarter.refusal = null;
		this.restarter.assertAskedOnce();
	}

	@Test
	void whenARestartIsImpossibleThenItIsAskedForOnceForEachChange() throws Exception {
		Path file = write("app.jar", "one");
		watch(file);
		this.restarter.refusal = RestartRefusedException.impossible("there is no native access");
		write("app.jar", "two, and longer");
		this.restarter.assertAskedOnce();
	}

	@Test
	void whenStoppedThenNothingIsTriggered() throws Exception {
		Path file = write("app.jar", "one");
		watch(file).stop();
		write("app.jar", "two, and longer");
		this.restarter.assertNotAsked();
	}

	private Path write(String name, String content) throws IOException {
		return Files.writeString(this.directory.resolve(name), content);
	}

	private WatchTrigger watch(Path path) {
		WatchTrigger created = WatchTrigger.of(List.of(path));
		created.start(this.restarter, QUIET);
		this.trigger = created;
		return created;
	}

	private static final class NotingRestarter implements Restarter {

		private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

		/** What was refused, but not for long. */
		private final BlockingQueue<String> putOff = new LinkedBlockingQueue<>();

		private volatile RestartPhase phase = RestartPhase.SERVING;

		private volatile @Nullable RestartRefusedException refusal;

		@Override
		public RestartAttempt restart(String trigger) {
			RestartRefusedException reason = this.refusal;
			if (reason != null && reason.kind() != RestartRefusedException.Kind.IMPOSSIBLE) {
				this.putOff.add(trigger);
				throw reason;
			}
			this.asked.add(trigger);
			throw (reason != null) ? reason : RestartRefusedException.impossible("this is only a test");
		}

		@Override
		public CompletionStage<DryRunReport> dryRun(String trigger, boolean boot) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void rollBack(String reason) {
			throw new UnsupportedOperationException();
		}

		@Override
		public RestartStatus status() {
			return new RestartStatus(this.phase, 1, RestartStatus.Processes.alone(), List.of(), ConnectionCount.NONE,
					null);
		}

		void assertAskedOnce() throws InterruptedException {
			assertThat(this.asked.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("watch");
			assertNotAsked();
		}

		void assertNotAsked() throws InterruptedException {
			assertThat(this.asked.poll(NOTHING.toMillis(), TimeUnit.MILLISECONDS)).isNull();
		}

	}

}
