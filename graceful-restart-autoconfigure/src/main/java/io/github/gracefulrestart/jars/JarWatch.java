package io.github.gracefulrestart.jars;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.posix.FileWatch;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Notices the first write to a jar, because all classes that are needed from then on
 * would be lost. It continues to watch, because the first bytes that are written may be
 * the same as before. It checks again without a pause, because a deployment overwrites
 * one jar after another, and the next one would be lost during the pause. Writes during a
 * check are reported once, so that checks do not pile up.
 */
final class JarWatch {

	private static final Log logger = LogFactory.getLog(JarWatch.class);

	private final Runnable action;

	/**
	 * Create a watch.
	 * @param action called when a jar has been written to
	 */
	JarWatch(Runnable action) {
		this.action = action;
	}

	/**
	 * Begin to watch, as far as possible.
	 * @param readers for each jar the descriptors that read it
	 */
	void begin(Map<KeptJar, List<Integer>> readers) {
		FileWatch watch;
		try {
			watch = FileWatch.open();
		}
		catch (IOException ex) {
			logger.warn("Jars that are overwritten in place are noticed only at the next restart: " + ex.getMessage()
					+ " (fs.inotify.max_user_instances)");
			return;
		}
		long watched = readers.entrySet()
			.stream()
			.filter((entry) -> add(watch, entry.getKey(), entry.getValue()))
			.count();
		if (watched == 0) {
			watch.close();
			return;
		}
		Thread thread = new Thread(() -> run(watch), "graceful-restart-jars");
		thread.setDaemon(true);
		// Not the class loader of an application context, which this thread outlives
		thread.setContextClassLoader(null);
		thread.start();
	}

	/**
	 * Any of the descriptors will do. Their owners may have closed them.
	 */
	private static boolean add(FileWatch watch, KeptJar jar, List<Integer> readers) {
		@Nullable IOException failure = null;
		for (int reader : readers) {
			try {
				watch.add(reader);
				return true;
			}
			catch (IOException ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			logger
				.warn("The jar " + jar + " is not watched: if it is overwritten in place, that is noticed only at the "
						+ "next restart: " + failure.getMessage() + " (fs.inotify.max_user_watches)");
		}
		return false;
	}

	private void run(FileWatch watch) {
		try (watch) {
			while (true) {
				watch.await();
				this.action.run();
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.warn("Jars that are overwritten in place are noticed only at the next restart", ex);
		}
	}

}
