package io.github.gracefulrestart.jars;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.posix.FileWatch;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a jar is written to, as soon as that begins: of the classes that are
 * needed from then on each would be lost. Goes on to watch, because what is written first
 * may be what was there before, and looks again at once, because a deployment overwrites
 * one jar after the other: a pause between two looks would be the time in which the next
 * one is lost. What is written while a look is made is told once, so that this thread
 * makes no more looks than it can.
 */
final class JarWatch {

	private static final Log logger = LogFactory.getLog(JarWatch.class);

	private final Runnable action;

	/**
	 * Create a watch.
	 * @param action called when something has been written
	 */
	JarWatch(Runnable action) {
		this.action = action;
	}

	/**
	 * Begin to watch what can be watched.
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
		// Not that of an application context, which this thread outlives
		thread.setContextClassLoader(null);
		thread.start();
	}

	/**
	 * Any of the descriptors will do. They belong to others, who may have closed them.
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
