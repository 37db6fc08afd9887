package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Describes what is wrong with a file. The messages of some exceptions of the JDK contain
 * only its name, or a length.
 */
final class FileErrors {

	private FileErrors() {
	}

	static String describe(IOException failure) {
		if (failure instanceof AccessDeniedException) {
			return "permission denied";
		}
		if (failure instanceof NoSuchFileException) {
			return "no such file";
		}
		if (failure instanceof CharacterCodingException) {
			return "it is not text in UTF-8";
		}
		if (failure instanceof FileSystemException other && other.getReason() == null) {
			return other.getClass().getSimpleName() + ": " + other.getMessage();
		}
		return String.valueOf(failure.getMessage());
	}

}
