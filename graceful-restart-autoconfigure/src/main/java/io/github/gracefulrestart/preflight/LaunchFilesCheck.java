package io.github.gracefulrestart.preflight;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.github.gracefulrestart.LaunchedFiles;
import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.options.LaunchFile;
import io.github.gracefulrestart.options.LaunchFile.Role;
import org.jspecify.annotations.Nullable;

/**
 * Whether the jar, the entries of the class path, agents and argument files exist and are
 * complete. They are looked up where the successor would look, so that a switched link to
 * a release directory is followed.
 */
final class LaunchFilesCheck implements PlanCheck {

	private static final String NAME = "files";

	private static final String APPLICATION = "application";

	private static final Pattern VERSIONED = Pattern.compile(".*[-_.]v?\\d+(\\.\\d+)+.*");

	private final boolean command;

	/**
	 * Create a check.
	 * @param command whether a program of the operator starts the successor
	 */
	LaunchFilesCheck(boolean command) {
		this.command = command;
	}

	@Override
	public List<PreflightResult> check(PlannedLaunch launch) {
		if (this.command) {
			return List.of(PreflightResult.passed(NAME,
					"the program of graceful.restart.launch.command knows which files it starts"));
		}
		if (launch.plan() == null) {
			// The check of the launch reports it
			return List.of();
		}
		List<PreflightResult> results = new ArrayList<>(check(launch.files()));
		LaunchedFiles launched = ApplicationJars.ofThisJvm().compare(started(launch.files()));
		if (launched != null) {
			results.add(PreflightResult.passed(APPLICATION, launched.describe()));
		}
		return results;
	}

	/**
	 * The class path is ignored if a jar is started.
	 */
	private static List<Path> started(List<LaunchFile> files) {
		Role role = files.stream().anyMatch((file) -> file.role() == Role.JAR) ? Role.JAR : Role.CLASS_PATH;
		return files.stream()
			.filter((file) -> file.role() == role)
			.map(LaunchFile::path)
			.filter(Files::exists)
			.toList();
	}

	/**
	 * Check files.
	 * @param files the files of a command line
	 * @return the problems, or one result that there is none
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
			.map((jar) -> "the jar " + jar.path() + " exists and is complete")
			.orElse("all files of the command line exist and are complete");
	}

	private static void check(LaunchFile file, List<PreflightResult> results) {
		String named = "the " + file.role().label() + " " + file.path();
		if (!Files.exists(file.path())) {
			if (file.required()) {
				results.add(refused(named + " does not exist; put it in place and try again" + hint(file)));
			}
		}
		else if (!Files.isReadable(file.path())) {
			results.add(refused(named + " cannot be read by this user; change its permissions and try again"));
		}
		else if (Files.isDirectory(file.path()) ? file.role() != Role.CLASS_PATH : !Files.isRegularFile(file.path())) {
			results.add(refused(named + " is not a file; put it in place and try again"));
		}
		else if (isArchive(file)) {
			checkArchive(file, named, results);
		}
	}

	/**
	 * The file name of the next version cannot be known.
	 */
	private static String hint(LaunchFile file) {
		return (file.role() == Role.JAR && VERSIONED.matcher(file.path().toString()).matches())
				? ". If each version has its own file name, start the service from a symbolic link to the current one, "
						+ "or name the program that starts it in graceful.restart.launch.command"
				: "";
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
			results.add(refused(named + " is not a complete archive (" + failure
					+ "): was it copied completely? Copy it again and retry"));
		}
		else if (file.role() == Role.JAR && !archive.hasMainClass()) {
			// If the end of the file is missing, an archive inside it may be mistaken
			// for the whole
			results.add(refused(named + " has no Main-Class in its manifest: was it copied completely, and is it the "
					+ "right one? Replace it and try again"));
		}
		else if (file.role() == Role.JAR) {
			archive.classPath().forEach((entry) -> checkEntry(entry, named, results));
		}
	}

	/**
	 * A warning only, because the JVM ignores entries that do not exist, and many
	 * manifests contain some.
	 */
	private static void checkEntry(Path entry, String named, List<PreflightResult> results) {
		if (!Files.exists(entry)) {
			results.add(PreflightResult.warning(NAME,
					named + " names " + entry + " in its manifest, which does not exist: is the release complete?"));
		}
		else if (Files.isRegularFile(entry)) {
			@Nullable String failure = Archive.open(entry).failure();
			if (failure != null) {
				results.add(refused("the class path entry " + entry + " is not a complete archive (" + failure
						+ "): was it copied completely? Copy it again and retry"));
			}
		}
	}

	private static PreflightResult refused(String message) {
		return PreflightResult.refused(NAME, message);
	}

}
