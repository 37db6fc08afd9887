package io.github.gracefulrestart.supervisor;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A file that holds the process id of the process that is the service. Several processes
 * write to it, one after the other, and each of them deletes only what it has written
 * itself.
 */
final class PidFile {

	private static final Log logger = LogFactory.getLog(PidFile.class);

	private static final Set<PosixFilePermission> WRITE = Set.of(PosixFilePermission.OWNER_WRITE,
			PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

	private final Path path;

	private final String pid;

	/**
	 * Create a file.
	 * @param path where it is
	 * @param pid the process id of this process
	 */
	PidFile(Path path, long pid) {
		// What a working directory is may change, the file does not
		this.path = path.toAbsolutePath();
		this.pid = String.valueOf(pid);
	}

	/**
	 * Write the process id of this process, unless it is there already. Who reads the
	 * file meanwhile finds the previous content or the new one.
	 * @throws IOException if the file cannot be written
	 */
	synchronized void claim() throws IOException {
		if (isOwn()) {
			return;
		}
		Path parent = this.path.getParent();
		if (parent != null) {
			Files.createDirectories(parent);
		}
		checkWritable();
		try {
			replace();
		}
		catch (AccessDeniedException ex) {
			// The directory belongs to somebody else, the file to this user
			logger.debug("Writing in place", ex);
			Files.writeString(this.path, this.pid, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
					StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
		}
		logger.debug("The pid file " + this.path + " names this process (pid " + this.pid + ")");
	}

	private void replace() throws IOException {
		Path next = this.path.resolveSibling("." + this.path.getFileName() + "." + this.pid);
		try {
			Files.writeString(next, this.pid, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
					StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
			if (Files.exists(this.path, LinkOption.NOFOLLOW_LINKS)) {
				Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(this.path));
			}
			Files.move(next, this.path, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(next);
		}
	}

	/**
	 * A file that was made read-only is not replaced, as Spring Boot does not write to
	 * it.
	 * @throws IOException if the file is there and must not be written to
	 */
	void checkWritable() throws IOException {
		if (Files.isSymbolicLink(this.path)) {
			throw new IOException(this.path + " is a symbolic link, which is not followed");
		}
		if (Files.exists(this.path) && (!Files.isWritable(this.path)
				|| Files.getPosixFilePermissions(this.path).stream().noneMatch(WRITE::contains))) {
			throw new FileNotFoundException(this.path + " (permission denied)");
		}
	}

	/**
	 * Return whether the file names this process.
	 */
	private boolean isOwn() throws IOException {
		try {
			byte[] content = Files.readAllBytes(this.path);
			return new String(content, StandardCharsets.ISO_8859_1).strip().equals(this.pid);
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	/**
	 * Delete the file if it names this process. Never fails.
	 */
	synchronized void release() {
		try {
			if (isOwn()) {
				Files.delete(this.path);
			}
		}
		catch (IOException ex) {
			logger.warn("The pid file " + this.path + " could not be deleted", ex);
		}
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

}
