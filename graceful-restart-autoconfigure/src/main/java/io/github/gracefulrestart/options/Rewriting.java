package io.github.gracefulrestart.options;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.options.launcher.LauncherRefusal;
import org.jspecify.annotations.Nullable;

/**
 * The options of a successor.
 *
 * @param arguments one for each argument that there was: the same, another, or
 * {@code null} for none
 * @param variables the environment variables that are different
 * @param files what has to be written before the successor starts
 * @param collisions what two JVMs cannot share, and what was done about it
 * @param refusal why the launcher would start nothing, or {@code null} if it starts
 */
public record Rewriting(List<@Nullable String> arguments, Map<String, String> variables, Map<Path, byte[]> files,
		List<Collision> collisions, @Nullable LauncherRefusal refusal) {

}
