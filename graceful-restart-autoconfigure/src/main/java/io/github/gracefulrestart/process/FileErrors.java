package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Says what is wrong with a file: some exceptions of the JDK have nothing to say but its
 * name.
 */
final class FileErrors {

	private FileErrors() {
	}

	static String describe(IOException failure) {
		if (failure instanceof AccessDeniedException denied) {
			return denied.getFile() + ": permission denied";
		}
		if (failure instanceof NoSuchFileException missing) {
			return missing.getFile() + ": no such file";
		}
		if (failure instanceof FileSystemException other && other.getReason() == null) {
			return other.getClass().getSimpleName() + ": " + other.getMessage();
		}
		return String.valueOf(failure.getMessage());
	}

}
