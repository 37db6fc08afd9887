package io.github.gracefulrestart.process;

import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.options.CollisionRules;
import org.jspecify.annotations.Nullable;

/**
 * How a successor's start differs from this JVM's.
 *
 * @param command a program with its arguments that starts the successor instead of this
 * JVM's command line; empty for none
 * @param javaHome the Java home to start from, or {@code null} for the same executable
 * @param jvmArguments JVM arguments in front of those that this JVM was started with
 * @param environmentFile a file of {@code NAME=value} lines that is read at each launch,
 * or {@code null} for none
 * @param collisions what happens to options that both JVMs cannot share
 */
public record LaunchSettings(List<String> command, @Nullable Path javaHome, List<String> jvmArguments,
		@Nullable Path environmentFile, CollisionRules collisions) {

}
