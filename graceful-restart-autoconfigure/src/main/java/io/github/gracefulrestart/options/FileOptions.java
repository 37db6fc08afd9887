package io.github.gracefulrestart.options;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.gracefulrestart.options.launcher.VmOptions;
import org.jspecify.annotations.Nullable;

/**
 * The options of the JVM that name a file which it writes.
 */
final class FileOptions {

	private static final Pattern FLAG = Pattern.compile("(-XX:(\\w+)=)(.+)", Pattern.DOTALL);

	private static final Pattern RECORDING = Pattern.compile("(-XX:StartFlightRecording[=:])(.*)", Pattern.DOTALL);

	private static final Pattern PROFILER = Pattern.compile(
			"(-agent(?:path:[^=]*libasyncProfiler[^=/]*|lib:asyncProfiler)=(?:.*,)?file=)([^,]+)(.*)", Pattern.DOTALL);

	private static final Map<String, String> OWNERS = Map.of("HeapDumpPath", "heap dump", "ErrorFile",
			"fatal error log", "ReplayDataFile", "compiler replay data", "LogFile", "JVM log", "PerfDataSaveFile",
			"performance data", "DumpLoadedClassList", "list of loaded classes", "ArchiveClassesAtExit",
			"class data archive", "AOTCacheOutput", "AOT cache");

	/** Options in which every JDK replaces {@code %p} by the process id. */
	private static final Set<String> WITH_PROCESS_ID = Set.of("ErrorFile", "ReplayDataFile", "LogFile",
			"PerfDataSaveFile");

	private static final String UNIFIED_LOG = "-Xlog:";

	private static final String GC_LOG = "-Xloggc:";

	private FileOptions() {
	}

	static @Nullable SharedOption find(String option, VmOptions options) {
		if (option.startsWith(UNIFIED_LOG)) {
			return log(option, 2, "JVM log");
		}
		if (option.startsWith(GC_LOG)) {
			return log(option, 1, "GC log");
		}
		Matcher matcher = RECORDING.matcher(option);
		if (matcher.matches()) {
			return recording(matcher.group(1), matcher.group(2));
		}
		matcher = PROFILER.matcher(option);
		if (matcher.matches()) {
			return isUnique(matcher.group(2)) ? null
					: SharedOption.file("profiler", matcher.group(1), matcher.group(2), matcher.group(3));
		}
		matcher = FLAG.matcher(option);
		return matcher.matches() ? flag(matcher.group(1), matcher.group(2), matcher.group(3), options) : null;
	}

	private static @Nullable SharedOption flag(String prefix, String name, String file, VmOptions options) {
		String owner = OWNERS.get(name);
		if (name.equals("AOTConfiguration") && options.contains("-XX:AOTMode=record")) {
			owner = "AOT configuration";
		}
		boolean unique = WITH_PROCESS_ID.contains(name) && isUnique(file);
		return (owner != null && !unique) ? SharedOption.file(owner, prefix, file, "") : null;
	}

	private static @Nullable SharedOption recording(String option, String settings) {
		String name = "filename=";
		int start = 0;
		for (String setting : SharedOption.split(settings, ',')) {
			if (setting.startsWith(name)) {
				return SharedOption.file("flight recording", option + settings.substring(0, start) + name,
						setting.substring(name.length()), settings.substring(start + setting.length()));
			}
			start += setting.length() + 1;
		}
		return null;
	}

	/**
	 * The file name follows the given number of colons.
	 */
	private static @Nullable SharedOption log(String option, int position, String owner) {
		List<String> parts = SharedOption.split(option, ':');
		if (parts.size() <= position) {
			return null;
		}
		String output = parts.get(position);
		String type = output.startsWith("file=") ? "file=" : "";
		String file = output.substring(type.length());
		if (file.isEmpty() || isUnique(file) || file.equals("stdout") || file.equals("stderr")) {
			return null;
		}
		String before = String.join(":", parts.subList(0, position)) + ":" + type;
		return SharedOption.file(owner, before, file, option.substring(before.length() + file.length()));
	}

	/**
	 * {@code %p} and {@code %t} are replaced by the process id and the time.
	 */
	private static boolean isUnique(String file) {
		return file.contains("%p") || file.contains("%t");
	}

}
