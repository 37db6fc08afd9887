package io.github.gracefulrestart.options.launcher;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Why the {@code java} launcher would start nothing.
 *
 * @param reason what it would say, in words that follow a colon
 * @param missing the missing file that is the only reason, or {@code null}
 */
public record LauncherRefusal(String reason, @Nullable Path missing) {

	public static LauncherRefusal of(String reason) {
		return new LauncherRefusal(reason, null);
	}

}
