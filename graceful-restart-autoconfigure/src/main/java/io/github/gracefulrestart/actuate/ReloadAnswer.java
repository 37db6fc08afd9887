package io.github.gracefulrestart.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The response of the endpoint {@code reload} to a request for a restart.
 *
 * @param message what happens, or why the request was refused
 * @param generation the generation of the successor, or of this process if nothing was
 * launched
 * @param pid this process
 * @param successorPid the process that was launched
 * @param status where to read the progress
 */
public record ReloadAnswer(String message, int generation, long pid, @Nullable Long successorPid,
		String status) implements OperationResponseBody {

}
