package io.github.gracefulrestart.posix;

import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import jnr.constants.platform.Errno;
import jnr.constants.platform.Fcntl;
import jnr.constants.platform.OpenFlags;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * A process started with {@code posix_spawn(3)}. {@link ProcessBuilder} would give it no
 * other descriptors than the standard ones, cannot pass every byte in an argument, and
 * starts a helper program of its own JDK first, which refuses to work for a JVM of
 * another version: when the JDK's files were replaced under a running JVM, it starts
 * nothing any more.
 * <p>
 * The process gets standard input of this one, pipes for standard output and error, and
 * what {@link PipedOutput} needs; no signal is blocked in it. A thread waits for its end.
 *
 * @since 0.1.0
 */
public final class SpawnedProcess extends Process {

	private static final int MORE_THAN_ANY_STRUCTURE = 1024;

	private static final short SET_SIGNAL_MASK = 0x08;

	private static final int STANDARD_OUTPUT = 1;

	/** How many more descriptors this process may open until the call. */
	private static final int ACCEPTED_MEANWHILE = 1024;

	/** The largest that a user may ask for by default, in bytes. */
	private static final int PIPE_SIZE = 1 << 20;

	private final ProcessHandle handle;

	private final InputStream output;

	private final InputStream error;

	private final CompletableFuture<Integer> status = new CompletableFuture<>();

	private final CompletableFuture<Process> exit = this.status.thenApply((ignored) -> this);

	private SpawnedProcess(long pid, InputStream output, InputStream error) {
		// Not reaped yet, so it is there
		this.handle = ProcessHandle.of(pid).orElseThrow();
		this.output = output;
		this.error = error;
	}

	/**
	 * Start a process.
	 * @param command the executable, looked up in {@code PATH} if there is no slash in
	 * it, and its arguments
	 * @param environment all variables, as {@code NAME=value}
	 * @param directory the working directory
	 * @param descriptors what to pass beside that, for {@link ChildDescriptors}
	 * @return the running process
	 * @throws IOException if it could not be started
	 */
	public static SpawnedProcess start(List<byte[]> command, List<byte[]> environment, Path directory,
			List<Integer> descriptors) throws IOException {
		return start(command, environment, directory, descriptors, Lib.CALLS);
	}

	static SpawnedProcess start(List<byte[]> command, List<byte[]> environment, Path directory,
			List<Integer> descriptors, LibSpawn lib) throws IOException {
		int unused = ChildDescriptors.PASSED + descriptors.size();
		try (Pipe output = new Pipe(lib, unused);
				Pipe error = new Pipe(lib, unused);
				Duplicates passed = new Duplicates(descriptors, unused)) {
			long pid = spawn(command, environment, directory, List.of(output, error), passed, lib);
			SpawnedProcess process = new SpawnedProcess(pid, output.takeStream(), error.takeStream());
			Thread reaper = new Thread(() -> process.reap(pid), "graceful-restart-reaper");
			reaper.setDaemon(true);
			reaper.start();
			return process;
		}
	}

	private static long spawn(List<byte[]> command, List<byte[]> environment, Path directory, List<Pipe> pipes,
			Duplicates passed, LibSpawn lib) throws IOException {
		Pointer actions = allocate(MORE_THAN_ANY_STRUCTURE);
		Pointer attributes = allocate(MORE_THAN_ANY_STRUCTURE);
		check(lib.posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init()");
		check(lib.posix_spawnattr_init(attributes), "posix_spawnattr_init()");
		try {
			List<byte[]> line = changeDirectory(directory, command, actions, lib);
			addDescriptors(pipes, passed, actions, lib);
			closeTheOthers(ChildDescriptors.PASSED + passed.descriptors.size(), actions, lib);
			// Threads of a JVM block some signals
			check(lib.posix_spawnattr_setsigmask(attributes, allocate(MORE_THAN_ANY_STRUCTURE)),
					"posix_spawnattr_setsigmask()");
			check(lib.posix_spawnattr_setflags(attributes, SET_SIGNAL_MASK), "posix_spawnattr_setflags()");
			int[] pid = new int[1];
			check(lib.posix_spawnp(pid, terminated(line.get(0)), actions, attributes, array(line), array(environment)),
					"posix_spawnp(" + new String(line.get(0), StandardCharsets.UTF_8) + ")");
			return pid[0];
		}
		finally {
			lib.posix_spawnattr_destroy(attributes);
			lib.posix_spawn_file_actions_destroy(actions);
		}
	}

	/**
	 * Return the command to spawn: where the C library cannot change the directory, a
	 * shell does, and becomes the command.
	 */
	private static List<byte[]> changeDirectory(Path directory, List<byte[]> command, Pointer actions, LibSpawn lib)
			throws PosixException {
		try {
			check(lib.posix_spawn_file_actions_addchdir_np(actions, terminated(bytes(directory))),
					"posix_spawn_file_actions_addchdir_np(" + directory + ")");
			return command;
		}
		catch (UnsatisfiedLinkError ex) {
			// glibc before 2.29
			List<byte[]> line = new ArrayList<>();
			Stream.of("/bin/sh", "-c", "cd \"$0\" && exec \"$@\"").map(String::getBytes).forEach(line::add);
			line.add(bytes(directory));
			line.addAll(command);
			return line;
		}
	}

	/**
	 * Nothing that is still to be copied is overwritten: it has higher numbers.
	 */
	private static void addDescriptors(List<Pipe> pipes, Duplicates passed, Pointer actions, LibSpawn lib)
			throws IOException {
		for (int i = 0; i < pipes.size(); i++) {
			addDescriptor(STANDARD_OUTPUT + i, ChildDescriptors.PARENT_OUTPUT + i, actions, lib);
			addDescriptor(pipes.get(i).readEnd.number(), ChildDescriptors.READING_ENDS + i, actions, lib);
			addDescriptor(pipes.get(i).writeEnd.number(), STANDARD_OUTPUT + i, actions, lib);
		}
		for (int i = 0; i < passed.descriptors.size(); i++) {
			addDescriptor(passed.descriptors.get(i).number(), ChildDescriptors.PASSED + i, actions, lib);
		}
	}

	private static void addDescriptor(int from, int to, Pointer actions, LibSpawn lib) throws PosixException {
		check(lib.posix_spawn_file_actions_adddup2(actions, from, to),
				"posix_spawn_file_actions_adddup2(" + from + ", " + to + ")");
	}

	private static void closeTheOthers(int first, Pointer actions, LibSpawn lib) throws IOException {
		try {
			check(lib.posix_spawn_file_actions_addclosefrom_np(actions, first),
					"posix_spawn_file_actions_addclosefrom_np()");
		}
		catch (UnsatisfiedLinkError ex) {
			// musl, and glibc before 2.34
			int last = (int) Math.min(Descriptors.highest() + ACCEPTED_MEANWHILE, Descriptors.limit() - 1);
			for (int number = first; number <= last; number++) {
				check(lib.posix_spawn_file_actions_addclose(actions, number),
						"posix_spawn_file_actions_addclose(" + number + ")");
			}
		}
	}

	private static void check(int error, String call) throws PosixException {
		if (error != 0) {
			throw PosixException.of(call, error);
		}
	}

	/**
	 * The JDK encodes names of files in this charset, so it turns them into the bytes
	 * that it got them from.
	 */
	private static byte[] bytes(Path path) {
		String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
		return path.toString().getBytes(Charset.forName(encoding));
	}

	private static byte[] terminated(byte[] text) {
		return Arrays.copyOf(text, text.length + 1);
	}

	private static Pointer array(List<byte[]> texts) {
		int pointer = Lib.RUNTIME.addressSize();
		int size = (texts.size() + 1) * pointer + texts.stream().mapToInt((text) -> text.length + 1).sum();
		Pointer array = allocate(size);
		long position = (texts.size() + 1L) * pointer;
		for (int i = 0; i < texts.size(); i++) {
			byte[] text = texts.get(i);
			array.put(position, text, 0, text.length);
			array.putAddress((long) i * pointer, array.address() + position);
			position += text.length + 1;
		}
		return array;
	}

	/**
	 * Allocate memory that is zero, and freed when the pointer is garbage.
	 */
	private static Pointer allocate(int size) {
		return Memory.allocateDirect(Lib.RUNTIME, size, true);
	}

	private void reap(long pid) {
		int[] result = new int[1];
		int reaped;
		do {
			reaped = Native.posix().waitpid(pid, result, 0);
		}
		while (reaped < 0 && Native.posix().errno() == Errno.EINTR.intValue());
		int signal = result[0] & 0x7f;
		this.status.complete((signal != 0) ? 128 + signal : (result[0] >> 8) & 0xff);
	}

	@Override
	public long pid() {
		return this.handle.pid();
	}

	@Override
	public ProcessHandle toHandle() {
		return this.handle;
	}

	@Override
	public OutputStream getOutputStream() {
		return OutputStream.nullOutputStream();
	}

	@Override
	public InputStream getInputStream() {
		return this.output;
	}

	@Override
	public InputStream getErrorStream() {
		return this.error;
	}

	@Override
	public boolean isAlive() {
		return !this.status.isDone();
	}

	@Override
	public int waitFor() throws InterruptedException {
		try {
			return this.status.get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
		try {
			this.status.get(timeout, unit);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public int exitValue() {
		if (isAlive()) {
			throw new IllegalThreadStateException("the process has not exited");
		}
		return this.status.join();
	}

	@Override
	public CompletableFuture<Process> onExit() {
		return this.exit.copy();
	}

	@Override
	public void destroy() {
		this.handle.destroy();
	}

	@Override
	public Process destroyForcibly() {
		this.handle.destroyForcibly();
		return this;
	}

	@Override
	public boolean supportsNormalTermination() {
		return true;
	}

	/**
	 * A pipe whose reading end becomes a stream: the kernel opens it once more by its
	 * number, through the public API of the JDK.
	 */
	private static final class Pipe implements AutoCloseable {

		private final Descriptor readEnd;

		private final Descriptor writeEnd;

		private final InputStream stream;

		private boolean taken;

		Pipe(LibSpawn lib, int lowest) throws IOException {
			int[] ends = new int[2];
			Native.check(lib.pipe2(ends, OpenFlags.O_CLOEXEC.intValue()), "pipe2()");
			try (Descriptor low = new Descriptor(ends[0]); Descriptor alsoLow = new Descriptor(ends[1])) {
				this.readEnd = Descriptor.duplicate(low.number(), lowest);
				this.writeEnd = Descriptor.duplicate(alsoLow.number(), lowest);
			}
			// Room for what is written while this process hangs. Not every user gets it
			Native.posix().fcntlInt(this.writeEnd.number(), Fcntl.F_SETPIPE_SZ, PIPE_SIZE);
			try {
				// The JDK's stream of a file would ask a pipe for its position
				this.stream = new FilterInputStream(new FileInputStream("/proc/self/fd/" + this.readEnd.number())) {
				};
			}
			catch (IOException ex) {
				this.readEnd.close();
				this.writeEnd.close();
				throw ex;
			}
		}

		InputStream takeStream() {
			this.taken = true;
			return this.stream;
		}

		@Override
		public void close() throws IOException {
			this.readEnd.close();
			this.writeEnd.close();
			if (!this.taken) {
				this.stream.close();
			}
		}

	}

	/**
	 * Descriptors for as long as they are copied.
	 */
	private static final class Duplicates implements AutoCloseable {

		private final List<Descriptor> descriptors = new ArrayList<>();

		Duplicates(List<Integer> originals, int lowest) throws IOException {
			try {
				for (int original : originals) {
					this.descriptors.add(Descriptor.duplicate(original, lowest));
				}
			}
			catch (IOException ex) {
				close();
				throw ex;
			}
		}

		@Override
		public void close() {
			this.descriptors.forEach(Descriptor::close);
		}

	}

	/**
	 * Loaded only when a process is to be started.
	 */
	private static final class Lib {

		private static final LibSpawn CALLS = LibraryLoader.create(LibSpawn.class).load("c");

		private static final Runtime RUNTIME = Runtime.getRuntime(CALLS);

		private Lib() {
		}

	}

}
