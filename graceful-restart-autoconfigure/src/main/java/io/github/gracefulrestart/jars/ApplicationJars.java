package io.github.gracefulrestart.jars;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.gracefulrestart.LaunchedFiles;
import io.github.gracefulrestart.posix.NativeAccess;
import io.github.gracefulrestart.posix.OpenFiles;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The jars that this JVM runs from. A class is read when it is first needed, and many
 * classes are first needed during the drain and the shutdown. A jar that is replaced by
 * renaming or removing does no harm, because the old file stays open. If a jar is
 * overwritten in place, every class that has not been read is lost.
 * <p>
 * Therefore an unnamed copy of each jar is made when the application has become ready,
 * and the descriptors that read the jar are redirected to the copy: at once if the reader
 * cannot notice, otherwise as soon as a process begins to write to the jar. This costs no
 * memory, unlike loading classes in advance, and covers all classes, including the
 * application's own. Only classes that are separate files are loaded in advance.
 */
public final class ApplicationJars {

	private static final Log logger = LogFactory.getLog(ApplicationJars.class);

	private static final int NAMED = 3;

	private final ClassPath classPath;

	private final List<KeptJar> jars = new ArrayList<>();

	private final Set<Path> known = new HashSet<>();

	private final List<KeptJar> notYetTold = new ArrayList<>();

	private final JarWatch watch = new JarWatch(this::look);

	private final @Nullable LaunchedFiles running;

	private final Instant start = Instant.now();

	private Instant since = this.start;

	private @Nullable LaunchedFiles launched;

	private boolean complete;

	private boolean kept;

	private ApplicationJars(ClassPath classPath) {
		this.classPath = classPath;
		List<Path> entries = classPath.entries();
		add(entries, Instant.MAX);
		this.running = entries.isEmpty() ? null : Comparison.unchanged(entries.get(0), 1, this.since);
	}

	private void add(List<Path> entries, Instant before) {
		entries.stream()
			.filter(this.known::add)
			.map((entry) -> KeptJar.at(entry, before))
			.filter(Objects::nonNull)
			.forEach(this.jars::add);
	}

	/**
	 * Also find the jars that are named only in the manifests of others, which are needed
	 * only for a restart. To be called when the application is ready: files that appear
	 * later count as new.
	 */
	public synchronized void findAll() {
		if (!this.complete) {
			this.complete = true;
			add(this.classPath.readManifests().entries(), this.start);
		}
	}

	/**
	 * Return the jars on the class path of this JVM, whatever application contexts it
	 * has. To be called early, before they may be replaced: it records the files that the
	 * JVM was started with, and opens none.
	 * @return the jars
	 */
	public static ApplicationJars ofThisJvm() {
		return Holder.INSTANCE;
	}

	static ApplicationJars of(String classPath) {
		return new ApplicationJars(ClassPath.of(classPath));
	}

	/**
	 * Make the copies, unless they have been made. Takes some milliseconds for a jar of
	 * usual size, and as much space in the directory as the jars that are open.
	 * @param directory where the copies are created
	 */
	public synchronized void keep(Path directory) {
		if (this.kept || !NativeAccess.probe().available()) {
			return;
		}
		this.kept = true;
		findAll();
		ClassLoading loading = new ClassLoading(ApplicationJars.class.getClassLoader());
		this.classPath.openAll(this.jars.stream().map(KeptJar::path).toList());
		this.classPath.entries().stream().filter(Files::isDirectory).forEach(loading::loadDirectory);
		try {
			if (!keepOpen(directory, loading)) {
				loading.loadLibrary();
			}
		}
		catch (IOException | RuntimeException ex) {
			loading.loadLibrary();
			logger.warn("No copies of the jars could be kept: " + ex.getMessage()
					+ ". This matters only if a jar is overwritten in place: replace jars with mv, not with cp");
		}
	}

	private boolean keepOpen(Path directory, ClassLoading loading) throws IOException {
		Map<KeptJar, List<Integer>> seeking = new LinkedHashMap<>();
		Map<KeptJar, Exception> failures = new LinkedHashMap<>();
		Map<Object, List<Integer>> readers = OpenFiles.readers();
		for (KeptJar jar : this.jars) {
			try {
				List<Integer> found = jar.keep(directory, readers.getOrDefault(jar.key(), List.of()));
				if (!found.isEmpty()) {
					seeking.put(jar, found);
				}
			}
			catch (IOException | RuntimeException ex) {
				failures.put(jar, ex);
			}
		}
		if (!seeking.isEmpty()) {
			// A class that is needed between a write and the check that follows is lost,
			// and a deployment requests a restart at just that moment
			loading.loadLibrary();
			this.watch.begin(seeking);
			look();
		}
		tell(failures, directory);
		return failures.isEmpty();
	}

	private static void tell(Map<KeptJar, Exception> failures, Path directory) {
		int others = failures.size() - 1;
		failures.entrySet()
			.stream()
			.findFirst()
			.ifPresent((first) -> logger
				.warn("No copy of " + first.getKey() + ((others > 0) ? " (and " + others + " more)" : "")
						+ " could be kept in " + directory + ": " + first.getValue().getMessage()
						+ ". This matters only if " + ((others > 0) ? "one of them" : "that jar")
						+ " is overwritten in place: replace jars with mv, not with cp"));
	}

	/**
	 * Check whether jars were overwritten in place, and if so read from the copies from
	 * now on.
	 */
	private synchronized void look() {
		for (KeptJar jar : this.jars) {
			try {
				if (jar.replaceIfOverwritten()) {
					this.notYetTold.add(jar);
				}
			}
			catch (IOException | RuntimeException ex) {
				logger.warn("The kept copy of " + jar + " cannot be used: " + ex.getMessage()
						+ ". This process cannot load classes that it has not read yet");
			}
		}
	}

	/**
	 * Check whether jars were overwritten in place, and if so read from the copies from
	 * now on and log it once for each.
	 */
	public synchronized void check() {
		this.launched = null;
		look();
		tell(this.notYetTold.stream().filter(KeptJar::isKept).toList(),
				". This process continues with the copies that it made when it became ready. Replace jars with mv, not "
						+ "with cp");
		tell(this.notYetTold.stream().filter((jar) -> !jar.isKept()).toList(),
				", and no copy was kept: this process cannot load classes that it has not read yet, so that requests "
						+ "and an orderly shutdown may fail. Replace jars with mv, not with cp");
		this.notYetTold.clear();
	}

	/**
	 * Compare with the jars that a successor would be started from.
	 * @param named the jar, or the entries of the class path, that its command line names
	 * @return its jars, or {@code null} if none is named
	 */
	public synchronized @Nullable LaunchedFiles compare(List<Path> named) {
		findAll();
		this.launched = new Comparison(this.jars, this.since).with(named);
		return this.launched;
	}

	/**
	 * Return the result of the last comparison.
	 * @return the jars of the successor, or {@code null} if they are not known
	 */
	public synchronized @Nullable LaunchedFiles launched() {
		return this.launched;
	}

	/**
	 * Return the jars that this JVM was started from.
	 * @return the jars, or {@code null} if there are none
	 */
	public synchronized @Nullable LaunchedFiles running() {
		findAll();
		LaunchedFiles own = this.running;
		return (own != null) ? new LaunchedFiles(own.path(), own.realPath(), Math.max(1, this.jars.size()),
				own.change(), own.changed(), this.since) : null;
	}

	/**
	 * Set the jars from which the predecessor has started this JVM.
	 * @param launched the predecessor's description, or {@code null} if it does not know
	 */
	public synchronized void startedFrom(@Nullable LaunchedFiles launched) {
		if (launched != null) {
			this.since = launched.since();
		}
	}

	private static void tell(List<KeptJar> overwritten, String consequence) {
		int count = overwritten.size();
		if (count == 1) {
			logger.warn("The jar " + overwritten.get(0) + " was overwritten in place while this process is using it"
					+ consequence);
		}
		else if (count > 1) {
			String names = overwritten.stream().limit(NAMED).map(KeptJar::toString).collect(Collectors.joining(", "));
			logger.warn(count + " jars (" + names + ((count > NAMED) ? " and " + (count - NAMED) + " others" : "")
					+ ") were overwritten in place while this process is using them" + consequence);
		}
	}

	/**
	 * Made when it is first asked for.
	 */
	private static final class Holder {

		private static final ApplicationJars INSTANCE = new ApplicationJars(ClassPath.ofThisJvm());

	}

}
