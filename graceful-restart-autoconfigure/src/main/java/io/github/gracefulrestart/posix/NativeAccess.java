package io.github.gracefulrestart.posix;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Whether native calls work in this JVM, as a value. Probing loads the native libraries,
 * which costs some hundred milliseconds of processor time once.
 *
 * @param reason why native calls are not available, or {@code null} if they are
 */
public record NativeAccess(@Nullable String reason) {

	private static final int WARNING_SINCE = 24;

	private static final String REMEDY = "Start the JVM with --enable-native-access=ALL-UNNAMED, or write "
			+ "Enable-Native-Access: ALL-UNNAMED into the manifest of the executable jar";

	/**
	 * Looked at before the first native call: a JDK that has warned once permits the
	 * rest.
	 */
	private static final boolean PERMITTED = isPermitted();

	/**
	 * Probe native access. Never throws; later calls return the first answer.
	 * @return the answer
	 */
	public static NativeAccess probe() {
		return Holder.INSTANCE;
	}

	/**
	 * Return whether this is an operating system on which native access can work. Loads
	 * nothing.
	 * @return {@code true} on Linux
	 */
	public static boolean isSupportedSystem() {
		return System.getProperty("os.name", "unknown").toLowerCase(Locale.ROOT).startsWith("linux");
	}

	/**
	 * Return what to do about the warnings that the JDK prints when native access is
	 * probed, whether that has happened already or not. Loads nothing.
	 * @return advice, or {@code null} if this JDK prints none
	 */
	public static @Nullable String advice() {
		return (Runtime.version().feature() < WARNING_SINCE || PERMITTED) ? null
				: "This JDK warns of native access, which graceful restarts need, and a later one denies it. " + REMEDY;
	}

	/**
	 * A method of the JDK that the oldest one supported does not have.
	 */
	private static boolean isPermitted() {
		try {
			return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(NativeAccess.class.getModule());
		}
		catch (ReflectiveOperationException ex) {
			return true;
		}
	}

	/**
	 * Return whether native calls work.
	 * @return {@code true} if they do
	 */
	public boolean available() {
		return this.reason == null;
	}

	private static final class Holder {

		private static final NativeAccess INSTANCE = load();

		private static NativeAccess load() {
			if (!isSupportedSystem()) {
				return new NativeAccess(
						"the operating system is " + System.getProperty("os.name", "unknown") + ", not Linux");
			}
			try {
				if (!Native.posix().isNative()) {
					return new NativeAccess("the native library of JNR is not usable on this platform");
				}
				Native.posix().getpid();
				return new NativeAccess(null);
			}
			catch (Exception | LinkageError ex) {
				return new NativeAccess(describe(ex));
			}
		}

		private static String describe(Throwable failure) {
			Throwable cause = failure;
			while (cause.getCause() != null) {
				cause = cause.getCause();
			}
			String message = cause.getMessage();
			if (cause instanceof IllegalCallerException
					// JNR keeps only the message of the error that kept it from loading
					// its library
					|| (message != null && message.contains(IllegalCallerException.class.getSimpleName()))) {
				return "this JVM denies native access. " + REMEDY;
			}
			return (message != null) ? message.lines().findFirst().orElse(message) : cause.getClass().getName();
		}

	}

}
