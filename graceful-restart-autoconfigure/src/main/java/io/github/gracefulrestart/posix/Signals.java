package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import jnr.constants.platform.Signal;

/**
 * Installs signal handlers by way of {@code sun.misc.Signal}, which the JDK supports for
 * lack of another way (JEP 260) but which no compiler lets pass without a warning; hence
 * public method handles instead of a reference. No native library is loaded for that.
 * <p>
 * The class is in the module {@code jdk.unsupported}, which an image made by
 * {@code jlink} need not contain, and which a main class in a module need not require.
 */
public final class Signals {

	/** {@code SIG_IGN} of signal(2). */
	private static final long KERNEL_IGNORES = 1;

	private static final Path OWN_THREADS = Path.of("/proc/self/task");

	private static final String SIGNAL = "sun.misc.Signal";

	private Signals() {
	}

	/**
	 * Return whether Java code can handle signals in this JVM.
	 * @return {@code false} if the module is missing that has the class for it
	 */
	public static boolean areSupported() {
		try {
			Class.forName(SIGNAL, false, Signals.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	private static void checkSupported() {
		if (!areSupported()) {
			throw new IllegalArgumentException("this JVM runs without the module jdk.unsupported, which is needed to "
					+ "handle signals. Name it where the image is made (jlink --add-modules), or require it in the "
					+ "module of the main class");
		}
	}

	/**
	 * Install a handler in place of the one before. It is called on a new thread for each
	 * signal; signals that come quickly may be merged by the kernel.
	 * @param name the signal's name without {@code SIG}
	 * @param action what to do
	 * @return the handler before
	 * @throws IllegalArgumentException if there is no such signal here, the JVM keeps it
	 * for itself, or signals are not supported
	 */
	public static Previous handle(String name, Runnable action) {
		checkSupported();
		MethodHandle run = MethodHandles.dropArguments(Jdk.RUN.bindTo(action), 0, Object.class);
		return new Previous(name, install(name, MethodHandleProxies.asInterfaceInstance(Jdk.HANDLER, run)));
	}

	/**
	 * Ignore a signal until {@link Previous#restore()}. Processes that are started in the
	 * meantime ignore it, too.
	 * @param name the signal's name without {@code SIG}
	 * @return the handler before
	 * @throws IllegalArgumentException if there is no such signal here, the JVM keeps it
	 * for itself, or signals are not supported
	 */
	public static Previous ignore(String name) {
		checkSupported();
		return new Previous(name, install(name, Jdk.IGNORED));
	}

	private static Object install(String name, Object handler) {
		try {
			return Jdk.HANDLE.invoke(Jdk.NEW_SIGNAL.invoke(name), handler);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException("sun.misc.Signal throws no checked exceptions", ex);
		}
	}

	/**
	 * Send a signal to this process.
	 * @param name the signal's name without {@code SIG}
	 */
	public static void raise(String name) {
		checkSupported();
		try {
			Jdk.RAISE.invoke(Jdk.NEW_SIGNAL.invoke(name));
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException("sun.misc.Signal throws no checked exceptions", ex);
		}
	}

	/**
	 * Ignore a signal that the JVM leaves to the kernel, as it does with
	 * {@link #areDelivered() -Xrs}. Loads a native library.
	 * @param name the signal's name without {@code SIG}
	 */
	public static void ignoreUndelivered(String name) {
		Native.libc().signal(Signal.valueOf("SIG" + name).intValue(), KERNEL_IGNORES);
	}

	/**
	 * Return whether the JVM passes signals on at all. With {@code -Xrs} it does not: a
	 * handler can be installed for some, and is never called.
	 * @return {@code false} if the thread is missing that passes them on
	 */
	public static boolean areDelivered() {
		try (DirectoryStream<Path> threads = Files.newDirectoryStream(OWN_THREADS)) {
			Set<String> names = new HashSet<>();
			threads.forEach((thread) -> names.add(name(thread)));
			// The kernel keeps 15 characters of a name. JVMs other than HotSpot use
			// other names
			return names.contains("Signal Dispatch") || !names.contains("VM Thread");
		}
		catch (IOException | DirectoryIteratorException ex) {
			return true;
		}
	}

	private static String name(Path thread) {
		try {
			return Files.readString(thread.resolve("comm")).strip();
		}
		catch (IOException ex) {
			return ""; // has ended in the meantime
		}
	}

	/**
	 * The handler that was installed before another one.
	 */
	public static final class Previous {

		private final String name;

		private final Object handler;

		private Previous(String name, Object handler) {
			this.name = name;
			this.handler = handler;
		}

		/**
		 * Install this handler again.
		 */
		public void restore() {
			install(this.name, this.handler);
		}

		/**
		 * Return whether the JVM itself uses the signal.
		 * @return {@code true} if the handler before was native code
		 */
		public boolean ownedByJvm() {
			return this.handler != Jdk.DEFAULT && this.handler != Jdk.IGNORED
					&& !MethodHandleProxies.isWrapperInstance(this.handler);
		}

		/**
		 * Return whether the signal was ignored. A signal that would end the JVM, such as
		 * {@code HUP}, stays ignored whatever handler is installed, if the JVM was
		 * started with it ignored, as {@code nohup} does.
		 * @return {@code true} if it was ignored
		 */
		public boolean ignored() {
			return this.handler == Jdk.IGNORED;
		}

	}

	/**
	 * Loaded only if the JVM has {@code sun.misc.Signal}.
	 */
	private static final class Jdk {

		private static final MethodHandle NEW_SIGNAL;

		private static final MethodHandle HANDLE;

		private static final MethodHandle RAISE;

		private static final MethodHandle RUN;

		private static final Class<?> HANDLER;

		private static final Object DEFAULT;

		private static final Object IGNORED;

		static {
			try {
				MethodHandles.Lookup lookup = MethodHandles.publicLookup();
				Class<?> signal = Class.forName(SIGNAL);
				HANDLER = Class.forName("sun.misc.SignalHandler");
				NEW_SIGNAL = lookup.findConstructor(signal, MethodType.methodType(void.class, String.class));
				HANDLE = lookup.findStatic(signal, "handle", MethodType.methodType(HANDLER, signal, HANDLER));
				RAISE = lookup.findStatic(signal, "raise", MethodType.methodType(void.class, signal));
				RUN = lookup.findVirtual(Runnable.class, "run", MethodType.methodType(void.class));
				DEFAULT = lookup.findStaticGetter(HANDLER, "SIG_DFL", HANDLER).invoke();
				IGNORED = lookup.findStaticGetter(HANDLER, "SIG_IGN", HANDLER).invoke();
			}
			catch (Throwable ex) {
				throw new ExceptionInInitializerError(ex);
			}
		}

		private Jdk() {
		}

	}

}
