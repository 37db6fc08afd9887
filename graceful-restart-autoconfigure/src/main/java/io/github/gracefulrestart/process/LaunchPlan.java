package io.github.gracefulrestart.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.options.Collision;
import io.github.gracefulrestart.options.LauncherRefusal;
import org.jspecify.annotations.Nullable;

/**
 * What is going to be launched.
 *
 * @param command the command line
 * @param files what has to be written before
 * @param collisions what was found that both JVMs cannot have, and what was done about it
 * @param refusal why the launcher would start nothing, or {@code null} if it starts
 */
record LaunchPlan(CommandLine command, Map<Path, byte[]> files, List<Collision> collisions,
		@Nullable LauncherRefusal refusal) {

}
