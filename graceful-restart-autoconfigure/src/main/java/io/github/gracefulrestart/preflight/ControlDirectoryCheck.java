package io.github.gracefulrestart.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.handover.ControlServer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the control socket can be created. Because of permissions, read-only mounts,
 * quotas and full disks, the only reliable test of a directory is to write to it.
 */
final class ControlDirectoryCheck implements PlanCheck {

	private static final String NAME = "control-directory";

	private static final String PROPERTY = "graceful.restart.control-directory";

	/** The size of a script with a long command line. */
	private static final int NEEDED = 64 * 1024;

	private final Path directory;

	ControlDirectoryCheck(Path directory) {
		this.directory = directory;
	}

	@Override
	public List<PreflightResult> check(PlannedLaunch launch) {
		return List.of(look());
	}

	private PreflightResult look() {
		if (!Files.isDirectory(this.directory) || !Files.isWritable(this.directory)) {
			return PreflightResult.refused(NAME, "the directory for the control socket, " + this.directory
					+ ", is not a writable directory; see " + PROPERTY);
		}
		if (!ControlServer.fits(this.directory)) {
			return PreflightResult.refused(NAME, "the path of the control directory, " + this.directory
					+ ", is too long for a socket in it; name a shorter one with " + PROPERTY);
		}
		Path probe = null;
		try {
			probe = Files.createTempDirectory(this.directory, "graceful-restart-",
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
			Files.write(probe.resolve("launch"), new byte[NEEDED]);
			return PreflightResult.passed(NAME, this.directory + " is writable and has space");
		}
		catch (IOException ex) {
			return PreflightResult.refused(NAME,
					"nothing can be written to the directory for the control socket, " + this.directory + " ("
							+ ex.getMessage() + "); make space there or name another one with " + PROPERTY);
		}
		finally {
			delete(probe);
		}
	}

	private static void delete(@Nullable Path probe) {
		try {
			if (probe != null) {
				Files.deleteIfExists(probe.resolve("launch"));
				Files.deleteIfExists(probe);
			}
		}
		catch (IOException ex) {
			// A file that could be created but not deleted does no harm
		}
	}

}
