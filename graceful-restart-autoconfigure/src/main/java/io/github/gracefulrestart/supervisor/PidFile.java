package io.github.gracefulrestart.supervisor;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A file that contains the process id of the process that is the service. Several
 * processes write to it in turn, and each of them deletes it only if it names that
 * process.
 */
final class PidFile {

	private static final Log logger = LogFactory.getLog(PidFile.class);

	private static final Set<PosixFilePermission> WRITE = Set.of(PosixFilePermission.OWNER_WRITE,
			PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

	private final Path path;

	private final long pid;

	/**
	 * Create a file.
	 * @param path where it is
	 * @param pid the process id of this process
	 */
	PidFile(Path path, long pid) {
		// Absolute, so that the file does not depend on the working directory
		this.path = path.toAbsolutePath();
		this.pid = pid;
	}

	/**
	 * Write the process id of this process, unless the file contains it already. A
	 * program that reads the file at the same time finds the previous content or the new
	 * one.
	 * @throws IOException if the file cannot be written
	 */
	synchronized void claim() throws IOException {
		name(this.pid);
	}

	/**
	 * Write the process id of another process, if the file names this one.
	 * @param successorPid the process id of the other process
	 * @throws IOException if the file cannot be written
	 */
	synchronized void passOn(long successorPid) throws IOException {
		if (names(this.pid)) {
			name(successorPid);
		}
	}

	/**
	 * Write the process id of the process that is the service if this one ends.
	 * @param heir its process id
	 * @throws IOException if the file cannot be written
	 */
	synchronized void bequeath(long heir) throws IOException {
		name(heir);
	}

	private void name(long process) throws IOException {
		if (names(process)) {
			return;
		}
		Path parent = this.path.getParent();
		if (parent != null) {
			Files.createDirectories(parent);
		}
		checkWritable();
		byte[] content = String.valueOf(process).getBytes(StandardCharsets.ISO_8859_1);
		try {
			replace(content);
		}
		catch (AccessDeniedException ex) {
			// The directory belongs to another user, the file to this one
			logger.debug("Writing in place", ex);
			writeInPlace(content);
		}
		logger.debug("The pid file " + this.path + " names pid " + process);
	}

	private void replace(byte[] content) throws IOException {
		Path next = this.path.resolveSibling("." + this.path.getFileName() + "." + this.pid);
		// It was left behind, or another user has created it to own the pid file
		Files.deleteIfExists(next);
		try {
			Files.write(next, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
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
	 * Overwrite the content in one step: a reader that found the file empty, or with the
	 * digits of two process ids, would signal the wrong process.
	 */
	private void writeInPlace(byte[] content) throws IOException {
		try (FileChannel file = FileChannel.open(this.path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
			byte[] padded = Arrays.copyOf(content, (int) Math.max(content.length, Math.min(file.size(), 64)));
			Arrays.fill(padded, content.length, padded.length, (byte) '\n');
			file.write(ByteBuffer.wrap(padded), 0);
			file.truncate(content.length);
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
	 * Return whether the file names another process that runs. Perhaps the service was
	 * started twice, and this process cannot serve.
	 * @return whether it does
	 */
	boolean namesAnother() {
		try {
			String content = content();
			return !content.isEmpty() && !names(this.pid)
					&& ProcessHandle.of(Long.parseLong(content)).map(ProcessHandle::isAlive).orElse(false);
		}
		catch (IOException | NumberFormatException ex) {
			return false;
		}
	}

	private boolean names(long process) throws IOException {
		return content().equals(String.valueOf(process));
	}

	private String content() throws IOException {
		try {
			return new String(Files.readAllBytes(this.path), StandardCharsets.ISO_8859_1).strip();
		}
		catch (NoSuchFileException ex) {
			return "";
		}
	}

	/**
	 * Delete the file if it names this process. Never fails.
	 */
	synchronized void release() {
		try {
			if (names(this.pid)) {
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
