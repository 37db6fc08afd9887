package io.github.gracefulrestart.jars;

import java.io.IOException;
import java.util.List;

import io.github.gracefulrestart.posix.FileWatch;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Notices that a jar is written to, as soon as that begins: of the classes that are
 * needed from then on each would be lost.
 */
final class JarWatch {

	private static final Log logger = LogFactory.getLog(JarWatch.class);

	private final Runnable action;

	/**
	 * Create a watch.
	 * @param action called each time that something has been written
	 */
	JarWatch(Runnable action) {
		this.action = action;
	}

	/**
	 * Begin to watch.
	 * @param readers for each jar a descriptor that reads it
	 * @throws IOException if that is not possible
	 */
	void begin(List<Integer> readers) throws IOException {
		FileWatch watch = FileWatch.open();
		try {
			for (int reader : readers) {
				watch.add(reader);
			}
		}
		catch (IOException ex) {
			watch.close();
			throw ex;
		}
		Thread thread = new Thread(() -> run(watch), "graceful-restart-jars");
		thread.setDaemon(true);
		// Not that of an application context, which this thread outlives
		thread.setContextClassLoader(null);
		thread.start();
	}

	private void run(FileWatch watch) {
		try (watch) {
			while (true) {
				watch.await();
				this.action.run();
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.warn("Jars that are overwritten in place are not noticed any more before the next restart", ex);
		}
	}

}
