package io.github.gracefulrestart.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.Threads;
import io.github.gracefulrestart.state.Ticker;
import org.apache.commons.logging.Log;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * Limits the time in which a JVM may exit. When it has passed, logs what keeps the JVM
 * from exiting, and halts it.
 */
final class ShutdownWatch {

	private static final Log logger = RestartLog.LOG;

	private static final Duration LOOK = Duration.ofMillis(100);

	private final Map<String, String> beans;

	private final Duration limit;

	private final IntSupplier exitCode;

	private ShutdownWatch(Map<String, String> beans, Duration limit, IntSupplier exitCode) {
		this.beans = beans;
		this.limit = limit;
		this.exitCode = exitCode;
	}

	/**
	 * Start the watch, before the context is closed.
	 * @param context the context that is being closed, or about to be
	 * @param limit how long this JVM may take to exit
	 * @param exitCode supplies the exit code if it is halted
	 */
	static void start(ConfigurableApplicationContext context, Duration limit, IntSupplier exitCode) {
		ShutdownWatch watch = new ShutdownWatch(names(context), limit, exitCode);
		Threads.startDaemon("graceful-restart-end", watch::watch);
	}

	/**
	 * Return the names of the beans by their classes. They are read in advance, because
	 * reading them later might wait for the bean that does not return.
	 */
	private static Map<String, String> names(ConfigurableApplicationContext context) {
		Map<String, String> names = new HashMap<>();
		LastResort.attempt("Looking up the names of beans", () -> {
			ConfigurableListableBeanFactory factory = context.getBeanFactory();
			for (String name : factory.getSingletonNames()) {
				Object bean = factory.getSingleton(name);
				if (bean != null) {
					names.putIfAbsent(ClassUtils.getUserClass(bean).getName(), name);
				}
			}
		});
		return names;
	}

	private void watch() {
		awaitEnd(new Ticker(), this.limit);
		try {
			logger.error("This process has not exited within " + this.limit.toMillis() + " ms: "
					+ holder(Thread.getAllStackTraces()) + "\nHalting this process");
		}
		catch (Throwable ex) {
			LastResort.log("Cannot determine what holds this process. Halting it", ex);
		}
		finally {
			Runtime.getRuntime().halt(this.exitCode.getAsInt());
		}
	}

	/**
	 * Interrupts are ignored: this watch ends only with the JVM.
	 */
	static void awaitEnd(Ticker clock, Duration limit) {
		long deadline = clock.deadline(limit);
		for (Duration left = limit; !left.isZero(); left = clock.until(deadline)) {
			LockSupport.parkNanos(Math.min(left.toNanos(), LOOK.toNanos()));
			Thread.interrupted();
		}
	}

	/**
	 * Return what keeps this process from exiting.
	 * @param threads the stacks of all threads
	 */
	String holder(Map<Thread, StackTraceElement[]> threads) {
		List<String> descriptions = new ArrayList<>();
		threads.forEach((thread, stack) -> {
			ClosingStack closing = ClosingStack.of(stack, this.beans);
			if (closing != null) {
				descriptions.add(closing.description() + " in thread \"" + thread.getName() + "\":" + text(stack));
			}
		});
		if (descriptions.isEmpty()) {
			threads.forEach((thread, stack) -> {
				if (!thread.isDaemon() && stack.length > 0 && thread != Thread.currentThread()) {
					descriptions.add("thread \"" + thread.getName() + "\" still runs:" + text(stack));
				}
			});
		}
		return String.join("\n", descriptions);
	}

	private static String text(StackTraceElement[] stack) {
		StringBuilder text = new StringBuilder();
		for (StackTraceElement frame : stack) {
			text.append("\n    at ").append(frame);
		}
		return text.toString();
	}

}
