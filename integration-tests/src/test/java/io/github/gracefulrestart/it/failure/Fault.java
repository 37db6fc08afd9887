package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import static org.awaitility.Awaitility.await;

/**
 * A fault that a service is to have, see {@link FaultInjector}.
 */
public final class Fault {

	private final Path directory;

	private Fault(Path directory) {
		this.directory = directory;
	}

	/**
	 * Ask for a fault.
	 * @param directory the working directory of the service
	 * @param generation which process has it
	 * @param point when it has it
	 * @param action what it does then
	 * @return the fault
	 */
	public static Fault arm(Path directory, long generation, String point, FaultAction action) {
		Fault fault = new Fault(directory);
		try {
			Files.deleteIfExists(directory.resolve(FaultInjector.RELEASED));
			Files.deleteIfExists(directory.resolve(FaultInjector.REACHED));
			Path armed = Files.writeString(directory.resolve("fault.new"),
					generation + "\n" + point + "\n" + action.name() + "\n");
			Files.move(armed, directory.resolve(FaultInjector.ARMED), StandardCopyOption.ATOMIC_MOVE);
			return fault;
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Wait until the point is reached. The thread that reached it stays there.
	 */
	public void awaitReached() {
		await("the fault's point").atMost(FailingService.PATIENCE)
			.until(() -> Files.exists(this.directory.resolve(FaultInjector.REACHED)));
	}

	/**
	 * Let the fault happen.
	 */
	public void release() throws IOException {
		Files.move(this.directory.resolve(FaultInjector.REACHED), this.directory.resolve(FaultInjector.RELEASED),
				StandardCopyOption.ATOMIC_MOVE);
	}

}
