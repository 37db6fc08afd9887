package io.github.gracefulrestart.preflight;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.options.LaunchFile;
import io.github.gracefulrestart.options.LaunchFile.Role;
import io.github.gracefulrestart.process.LaunchException;
import io.github.gracefulrestart.process.SuccessorLauncher;
import org.jspecify.annotations.Nullable;

/**
 * Whether the jar, the entries of the class path, agents and argument files are there and
 * whole. They are looked up where the successor would look, so that a release directory
 * behind a switched link counts.
 */
final class LaunchFilesCheck implements PreflightCheck {

	private static final String NAME = "files";

	private final SuccessorLauncher launcher;

	LaunchFilesCheck(SuccessorLauncher launcher) {
		this.launcher = launcher;
	}

	@Override
	public List<PreflightResult> check(int generation) {
		try {
			return check(this.launcher.files());
		}
		catch (LaunchException ex) {
			return List.of(PreflightResult.refused(NAME, String.valueOf(ex.getMessage())));
		}
	}

	/**
	 * Check files.
	 * @param files what a command line names
	 * @return what is wrong with them, or that nothing is
	 */
	static List<PreflightResult> check(List<LaunchFile> files) {
		List<PreflightResult> results = new ArrayList<>();
		for (LaunchFile file : files) {
			check(file, results);
		}
		return !results.isEmpty() ? results : List.of(PreflightResult.passed(NAME, describe(files)));
	}

	private static String describe(List<LaunchFile> files) {
		return files.stream()
			.filter((file) -> file.role() == Role.JAR)
			.findFirst()
			.map((jar) -> "the jar " + jar.path() + " is there and whole")
			.orElse("what the command line names is there and whole");
	}

	private static void check(LaunchFile file, List<PreflightResult> results) {
		String named = "the " + file.role().label() + " " + file.path();
		if (!Files.exists(file.path())) {
			if (file.required()) {
				results.add(refused(named + " does not exist; put it there and ask again"));
			}
		}
		else if (!Files.isReadable(file.path())) {
			results.add(refused(named + " cannot be read by this user; change its permissions and ask again"));
		}
		else if (Files.isDirectory(file.path()) ? file.role() != Role.CLASS_PATH : !Files.isRegularFile(file.path())) {
			results.add(refused(named + " is not a file; put it there and ask again"));
		}
		else if (isArchive(file)) {
			checkArchive(file, named, results);
		}
	}

	private static boolean isArchive(LaunchFile file) {
		return switch (file.role()) {
			case JAR, AGENT -> true;
			case CLASS_PATH -> Files.isRegularFile(file.path());
			case SOURCE, NATIVE_AGENT, ARGUMENTS -> false;
		};
	}

	private static void checkArchive(LaunchFile file, String named, List<PreflightResult> results) {
		Archive archive = Archive.open(file.path());
		String failure = archive.failure();
		if (failure != null) {
			results.add(refused(named + " is not a whole archive (" + failure
					+ "): was it copied completely? Put it there whole and ask again"));
		}
		else if (file.role() == Role.JAR && !archive.hasMainClass()) {
			// Where the end is missing, an archive inside may be taken for the whole
			results.add(refused(named + " names no Main-Class in its manifest: was it copied completely, and is it the "
					+ "right one? Put that there and ask again"));
		}
		else if (file.role() == Role.JAR) {
			archive.classPath().forEach((entry) -> checkEntry(entry, named, results));
		}
	}

	/**
	 * The JVM passes over entries that do not exist, and many manifests name some.
	 */
	private static void checkEntry(Path entry, String named, List<PreflightResult> results) {
		if (!Files.exists(entry)) {
			results.add(PreflightResult.warning(NAME,
					named + " names " + entry + " in its manifest, which does not exist: is the release complete?"));
		}
		else if (Files.isRegularFile(entry)) {
			@Nullable String failure = Archive.open(entry).failure();
			if (failure != null) {
				results.add(refused("the class path entry " + entry + " is not a whole archive (" + failure
						+ "): was it copied completely? Put it there whole and ask again"));
			}
		}
	}

	private static PreflightResult refused(String message) {
		return PreflightResult.refused(NAME, message);
	}

}
