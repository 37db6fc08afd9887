package io.github.gracefulrestart.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint {@code reload} answers to somebody who asks for a restart.
 *
 * @param message what happens, or why nothing happens
 * @param generation the generation of the successor, or of this process if nothing was
 * launched
 * @param pid this process
 * @param successorPid the process that was launched
 * @param status where to look how it goes
 */
public record ReloadAnswer(String message, int generation, long pid, @Nullable Long successorPid,
		String status) implements OperationResponseBody {

}
