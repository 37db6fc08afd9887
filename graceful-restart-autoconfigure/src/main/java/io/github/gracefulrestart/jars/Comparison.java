package io.github.gracefulrestart.jars;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.LaunchedFiles;
import io.github.gracefulrestart.LaunchedFiles.Change;
import org.jspecify.annotations.Nullable;

/**
 * Compares the jars that a successor would be started from with those that this JVM runs
 * from. Their paths may differ, because a link may have been switched.
 */
final class Comparison {

	private static final int NAMED = 5;

	private final List<KeptJar> running;

	private final Map<Object, KeptJar> byKey = new HashMap<>();

	private final Instant since;

	Comparison(List<KeptJar> running, Instant since) {
		this.running = running;
		this.since = since;
		running.forEach((jar) -> this.byKey.put(jar.key(), jar));
	}

	/**
	 * Compare.
	 * @param named the files that the command line names
	 * @return the jars of the successor, or {@code null} if none is named
	 */
	@Nullable LaunchedFiles with(List<Path> named) {
		if (named.isEmpty()) {
			return null;
		}
		List<String> changed = new ArrayList<>();
		Change change = Change.UNCHANGED;
		List<Path> jars = jars(named);
		for (Path jar : jars) {
			Change found = compare(jar);
			change = (found.compareTo(change) > 0) ? found : change;
			if (found == Change.CHANGED) {
				changed.add(jar.toString());
			}
		}
		Path first = named.get(0);
		return new LaunchedFiles(first.toString(), realPath(first), Math.max(1, jars.size()), change,
				changed.stream().limit(NAMED).toList(), (change != Change.CHANGED) ? this.since : Instant.now());
	}

	/**
	 * The launcher finds the jars of a directory in the same places as it did for this
	 * JVM.
	 */
	private List<Path> jars(List<Path> named) {
		List<Path> jars = new ArrayList<>();
		for (Path entry : ClassPath.of(named).readManifests().entries()) {
			if (Files.isDirectory(entry)) {
				this.running.stream().map(KeptJar::path).filter((jar) -> jar.startsWith(entry)).forEach(jars::add);
			}
			else {
				jars.add(entry);
			}
		}
		return jars.stream().distinct().toList();
	}

	private Change compare(Path jar) {
		if (isRunning(jar)) {
			return Change.UNCHANGED;
		}
		for (KeptJar candidate : this.running) {
			if (jar.endsWith(candidate.path().getFileName()) && candidate.hasContentOf(jar)) {
				return Change.SAME_CONTENT;
			}
		}
		return Change.CHANGED;
	}

	private boolean isRunning(Path jar) {
		try {
			BasicFileAttributes now = Files.readAttributes(jar, BasicFileAttributes.class);
			@Nullable KeptJar candidate = this.byKey.get(now.fileKey());
			return candidate != null && candidate.isCertain() && candidate.isAsSeen(now);
		}
		catch (IOException ex) {
			return false;
		}
	}

	static LaunchedFiles unchanged(Path first, int count, Instant since) {
		return new LaunchedFiles(first.toString(), realPath(first), count, Change.UNCHANGED, List.of(), since);
	}

	private static String realPath(Path path) {
		try {
			return path.toRealPath().toString();
		}
		catch (IOException ex) {
			return path.toString();
		}
	}

}
