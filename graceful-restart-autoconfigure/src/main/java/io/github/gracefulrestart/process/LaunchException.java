package io.github.gracefulrestart.process;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * A successor could not be launched. No process has been started.
 */
public final class LaunchException extends IOException {

	private static final long serialVersionUID = 1L;

	LaunchException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
