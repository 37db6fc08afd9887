package io.github.gracefulrestart.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.LogLines;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service whose configuration is a volume as Kubernetes mounts it, and restarts when
 * that changes. That load notices when nobody serves is shown in {@code LoadIT}.
 */
class WatchIT {

	private static final String REQUESTED = "Requesting a restart";

	@Test
	void whenAMountedVolumeChangesThenTheServiceRestartsOnce() throws Exception {
		SampleService.Builder builder = SampleService.named("watch")
			.args("--graceful.restart.watch=config", "--graceful.restart.watch-quiet-period=200ms",
					"--graceful.restart.probation=0s");
		Path volume = Files.createDirectories(builder.directory().resolve("config"));
		// Spring Boot reads it there
		Files.createSymbolicLink(volume.resolve("application.properties"), Path.of("..data", "application.properties"));
		update(volume, 1, "");
		try (SampleService service = builder.start();
				LoadGenerator load = LoadGenerator.start(LoadSettings.close(service.port(), 4).rate(50))) {
			long first = service.pid();
			update(volume, 2, "sample.fail-start=true");
			service.process().awaitOutput(LogLines.FAILED, SampleService.PATIENCE);
			assertThat(service.get("/hello").text()).isEqualTo("pid=" + first + " generation=1");
			SampleService.Pending restart = service.expectRestart();
			update(volume, 3, "graceful.restart.generation-header=X-Generation");
			SampleService.Restart completed = service.awaitPredecessorGone(restart.awaitHandover());
			assertThat(completed.predecessor()).isEqualTo(first);
			assertThat(service.get("/hello").headers()).containsEntry("x-generation", "2");
			assertThat(service.get("/actuator/reload").text()).contains("\"trigger\":\"watch\"");
			// The successor knows what it was started with
			load.awaitRequests(load.requests() + 100, SampleService.PATIENCE);
			assertThat(service.process().output().split(REQUESTED, -1)).hasSize(3);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isZero();
			await("one process").atMost(SampleService.PATIENCE).until(() -> service.process().running().size() == 1);
		}
	}

	/**
	 * As kubelet does it: a new directory, files in it, then the link.
	 */
	private static void update(Path volume, int version, String properties) throws IOException {
		Path directory = Files.createDirectory(volume.resolve("..version_" + version));
		Files.writeString(directory.resolve("application.properties"), properties);
		Path link = Files.createSymbolicLink(volume.resolve("..data_tmp"), directory.getFileName());
		Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
	}

}
