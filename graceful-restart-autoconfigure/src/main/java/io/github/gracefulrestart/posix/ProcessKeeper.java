package io.github.gracefulrestart.posix;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import jnr.constants.platform.Errno;
import jnr.constants.platform.Signal;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import org.jspecify.annotations.Nullable;

/**
 * Lets this process become another program when the JVM exits: a keeper of a kilobyte
 * that keeps the process id for a supervisor, passes signals on to the generation that
 * serves, and exits with the status of the last one. Its source is in {@code
 * src/main/native}.
 * <p>
 * The keeper is started by a native library that is loaded into this process. The C
 * library calls it at the very end of {@code exit()}, when all shutdown hooks have run
 * and a flight recording has been written.
 */
public final class ProcessKeeper {

	private static final Map<String, String> ARCHITECTURES = Map.of("amd64", "x86_64", "aarch64", "aarch64");

	/** Signals that an operator, a supervisor or a terminal sends. */
	private static final List<Signal> FORWARDED = List.of(Signal.SIGHUP, Signal.SIGINT, Signal.SIGTERM, Signal.SIGUSR1,
			Signal.SIGUSR2, Signal.SIGWINCH);

	/** The real-time signal that {@code keeper.c} waits for. */
	private static final int HEIR = 40;

	private static final int CLOSE_ON_EXEC = 0x1;

	/** Linux 6.3 and later know this flag, and warn or refuse without it. */
	private static final int EXECUTABLE = 0x10;

	private static final int PROBE_SECONDS = 10;

	private ProcessKeeper() {
	}

	/**
	 * Find out whether the keeper runs on this machine, by running it.
	 * @return why it does not, or {@code null} if it does
	 */
	public static @Nullable String obstacle() {
		if (architecture() == null) {
			return "it is not made for the architecture " + System.getProperty("os.arch");
		}
		try (Descriptor program = open("keeper")) {
			Process probe = new ProcessBuilder(path(program)).start();
			if (!probe.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) || probe.exitValue() != 0) {
				probe.destroyForcibly();
				return "it does not run here";
			}
			return null;
		}
		catch (IOException ex) {
			return "it cannot be started from memory: " + ex.getMessage();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return "this thread was interrupted";
		}
	}

	/**
	 * From now on, signals for this process go to another one, and this process becomes
	 * its keeper when the JVM exits.
	 * @param pid the process id of the generation that serves, a child of this process
	 * @throws IOException if that is not possible; nothing has changed then
	 */
	public static void become(long pid) throws IOException {
		// Neither is closed: both are needed until the process ends
		Descriptor program = open("keeper");
		Descriptor library = open("become.so");
		int[] signals = FORWARDED.stream().mapToInt(Signal::intValue).toArray();
		try {
			LibraryLoader.create(Become.class)
				.load(path(library))
				.become_keeper((int) pid, program.number(), signals, signals.length);
		}
		catch (LinkageError ex) {
			throw new IOException("The library that starts the keeper cannot be loaded: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Tell a keeper which generation takes over when the one that serves exits.
	 * @param keeper the process id of the keeper
	 * @param heir the process id of that generation, or of the one that serves if none
	 * follows
	 * @throws PosixException if the keeper cannot be told
	 */
	public static void nameHeir(long keeper, long heir) throws PosixException {
		Native.check(Native.libc().sigqueue((int) keeper, HEIR, heir), "sigqueue(" + keeper + ", " + HEIR + ")");
	}

	private static @Nullable String architecture() {
		return ARCHITECTURES.get(System.getProperty("os.arch").toLowerCase(Locale.ROOT));
	}

	private static String path(Descriptor file) throws PosixException {
		return "/proc/" + ProcessHandle.current().pid() + "/fd/" + file.number();
	}

	/**
	 * Make a file in memory from one of the images.
	 */
	private static Descriptor open(String image) throws IOException {
		Descriptor file = create(image);
		try (InputStream in = ProcessKeeper.class.getResourceAsStream(architecture() + "/" + image);
				FileOutputStream out = new FileOutputStream(path(file))) {
			if (in == null) {
				throw new IOException("The starter has no image of '" + image + "'");
			}
			in.transferTo(out);
			return file;
		}
		catch (IOException ex) {
			file.close();
			throw ex;
		}
	}

	private static Descriptor create(String name) throws PosixException {
		int number = Native.libc().memfd_create(name, CLOSE_ON_EXEC | EXECUTABLE);
		if (number < 0 && Native.posix().errno() == Errno.EINVAL.intValue()) {
			number = Native.libc().memfd_create(name, CLOSE_ON_EXEC);
		}
		return new Descriptor(Native.check(number, "memfd_create(" + name + ")"));
	}

	/**
	 * What {@code become.c} offers.
	 */
	public interface Become {

		void become_keeper(int pid, int keeperImage, @In int[] signals, int count);

	}

}
