package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * The directory that this JVM was started in, as the operator named it. A child would
 * inherit the physical directory, and so would not follow a symbolic link that has been
 * switched to a new release directory. {@code PWD} contains the link, but only shells set
 * it, so it is used only if it named the working directory at the start.
 */
public final class WorkingDirectory {

	private final @Nullable Path logical;

	private final Path physical;

	private WorkingDirectory(@Nullable Path logical, Path physical) {
		this.logical = logical;
		this.physical = physical;
	}

	/**
	 * Find out the working directory. To be called early, before a link may be switched.
	 * @return the working directory
	 */
	public static WorkingDirectory current() {
		return of(System.getenv("PWD"), Path.of("").toAbsolutePath());
	}

	static WorkingDirectory of(@Nullable String pwd, Path physical) {
		try {
			if (pwd != null && Files.isSameFile(Path.of(pwd), physical)) {
				return new WorkingDirectory(Path.of(pwd), physical);
			}
		}
		catch (IOException | RuntimeException ex) {
			// PWD is only a hint, and ignored if it is stale or malformed
		}
		return new WorkingDirectory(null, physical);
	}

	/**
	 * Return where a successor starts.
	 * @return the directory
	 * @throws LaunchException if it does not exist any more
	 */
	Path forSuccessor() throws LaunchException {
		Path directory = path();
		if (!Files.isDirectory(directory)) {
			throw new LaunchException("the working directory " + directory + " does not exist any more", null);
		}
		return directory;
	}

	Path path() {
		return (this.logical != null) ? this.logical : this.physical;
	}

}
