package io.github.gracefulrestart.posix;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import jnr.constants.platform.Fcntl;
import jnr.constants.platform.OpenFlags;
import jnr.constants.platform.Signal;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * One call of {@code posix_spawn(3)} and its preparation.
 */
final class Spawn {

	private static final int MORE_THAN_ANY_STRUCTURE = 1024;

	private static final short SET_SIGNAL_MASK = 0x08;

	private static final int STANDARD_OUTPUT = 1;

	/** The margin for descriptors that other threads open before the call. */
	private static final int ACCEPTED_MEANWHILE = 1024;

	/** The largest size that users may set by default, in bytes. */
	private static final int PIPE_SIZE = 1 << 20;

	private final SignalShield shield;

	private final LibSpawn lib;

	Spawn(SignalShield shield) {
		this(shield, Lib.CALLS);
	}

	Spawn(SignalShield shield, LibSpawn lib) {
		this.shield = shield;
		this.lib = lib;
	}

	/**
	 * Start a process. If anything fails after it has started, it is killed, so that no
	 * process runs unwatched.
	 */
	SpawnedProcess start(Program program, List<byte[]> environment, Path directory, PassedDescriptors passed)
			throws IOException {
		int unused = firstUnused(passed);
		Reaper reaper = Reaper.start();
		try (Pipe output = new Pipe(this.lib, unused);
				Pipe error = new Pipe(this.lib, unused);
				Pipe ticket = new Pipe(this.lib, unused);
				Duplicates inherited = new Duplicates(passed.inherited(), unused);
				Duplicates sockets = new Duplicates(passed.sockets(), unused);
				Streams streams = new Streams(output.open(), error)) {
			ticket.write(passed.ticket());
			ChildDescriptors numbers = ChildDescriptors.beside(passed.inherited(), passed.sockets().size(),
					List.of(ticket.name(), output.name(), error.name()));
			List<byte[]> variables = new ArrayList<>(environment);
			variables.add((ChildDescriptors.VARIABLE + "=" + numbers.describe()).getBytes(StandardCharsets.US_ASCII));
			Actions prepared = (actions) -> {
				addDescriptors(numbers, List.of(output, error), ticket, inherited, sockets, actions);
				closeTheOthers(used(numbers, passed), unused, actions);
			};
			long pid = spawn(program, variables, directory, prepared);
			return watched(pid, streams, reaper);
		}
		finally {
			reaper.release();
		}
	}

	private static int firstUnused(PassedDescriptors passed) {
		Set<Integer> used = used(ChildDescriptors.beside(passed.inherited(), passed.sockets().size(), List.of()),
				passed);
		return used.stream().mapToInt(Integer::intValue).max().orElse(STANDARD_OUTPUT) + 1;
	}

	private static Set<Integer> used(ChildDescriptors numbers, PassedDescriptors passed) {
		Set<Integer> used = new HashSet<>(passed.inherited());
		int end = numbers.passed(passed.sockets().size());
		for (int number = numbers.parentOutput(STANDARD_OUTPUT); number < end; number++) {
			used.add(number);
		}
		return used;
	}

	private SpawnedProcess watched(long pid, Streams streams, Reaper reaper) {
		try {
			// Not reaped yet, so the process id is still its own
			ProcessHandle handle = ProcessHandle.of(pid).orElseThrow();
			SpawnedProcess process = new SpawnedProcess(handle, streams.output, streams.error, reaper.status());
			streams.taken = true;
			return process;
		}
		catch (RuntimeException | Error ex) {
			Native.posix().kill((int) pid, Signal.SIGKILL.intValue());
			throw ex;
		}
		finally {
			reaper.watch(pid);
		}
	}

	private long spawn(Program wanted, List<byte[]> environment, Path directory, Actions prepared) throws IOException {
		Pointer actions = allocate(MORE_THAN_ANY_STRUCTURE);
		Pointer attributes = allocate(MORE_THAN_ANY_STRUCTURE);
		check(this.lib.posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init()");
		check(this.lib.posix_spawnattr_init(attributes), "posix_spawnattr_init()");
		try {
			Program program = changeDirectory(directory, wanted, actions);
			prepared.addTo(actions);
			// Some threads of a JVM block signals, and a child inherits that
			check(this.lib.posix_spawnattr_setsigmask(attributes, allocate(MORE_THAN_ANY_STRUCTURE)),
					"posix_spawnattr_setsigmask()");
			check(this.lib.posix_spawnattr_setflags(attributes, SET_SIGNAL_MASK), "posix_spawnattr_setflags()");
			int[] pid = new int[1];
			byte[] file = terminated(bytes(program.file()));
			Pointer arguments = array(program.arguments());
			Pointer variables = array(environment);
			this.shield.raise(true);
			int error;
			try {
				error = this.lib.posix_spawnp(pid, file, actions, attributes, arguments, variables);
			}
			finally {
				this.shield.raise(false);
			}
			check(error, "posix_spawnp(" + program.file() + ")");
			return pid[0];
		}
		finally {
			this.lib.posix_spawnattr_destroy(attributes);
			this.lib.posix_spawn_file_actions_destroy(actions);
		}
	}

	/**
	 * Return the program to spawn: if the C library cannot change the directory, a shell
	 * changes it and then executes the program, whose name is its path then.
	 */
	private Program changeDirectory(Path directory, Program program, Pointer actions) throws PosixException {
		try {
			check(this.lib.posix_spawn_file_actions_addchdir_np(actions, terminated(bytes(directory))),
					"posix_spawn_file_actions_addchdir_np(" + directory + ")");
			return program;
		}
		catch (UnsatisfiedLinkError ex) {
			// glibc before 2.29
			List<byte[]> line = new ArrayList<>();
			Stream.of("/bin/sh", "-c", "cd \"$0\" && exec \"$@\"").map(String::getBytes).forEach(line::add);
			line.add(bytes(directory));
			line.add(bytes(program.file()));
			line.addAll(program.arguments().subList(1, program.arguments().size()));
			return new Program(Path.of("/bin/sh"), line);
		}
	}

	/**
	 * Descriptors that are still to be copied have higher numbers, so none of them is
	 * overwritten.
	 */
	private void addDescriptors(ChildDescriptors numbers, List<Pipe> pipes, Pipe ticket, Duplicates inherited,
			Duplicates sockets, Pointer actions) throws IOException {
		for (int i = 0; i < pipes.size(); i++) {
			int stream = STANDARD_OUTPUT + i;
			addDescriptor(stream, numbers.parentOutput(stream), actions);
			addDescriptor(pipes.get(i).readEnd.number(), numbers.readingEnd(stream), actions);
			addDescriptor(pipes.get(i).writeEnd.number(), stream, actions);
		}
		addDescriptor(ticket.readEnd.number(), numbers.ticket(), actions);
		for (int i = 0; i < sockets.descriptors.size(); i++) {
			addDescriptor(sockets.descriptors.get(i).number(), numbers.passed(i), actions);
		}
		for (int i = 0; i < inherited.descriptors.size(); i++) {
			addDescriptor(inherited.descriptors.get(i).number(), inherited.originals.get(i), actions);
		}
	}

	private void addDescriptor(int from, int to, Pointer actions) throws PosixException {
		check(this.lib.posix_spawn_file_actions_adddup2(actions, from, to),
				"posix_spawn_file_actions_adddup2(" + from + ", " + to + ")");
	}

	/**
	 * Descriptors of this process that are not to be passed on may have any number.
	 */
	private void closeTheOthers(Set<Integer> used, int unused, Pointer actions) throws IOException {
		for (int number = STANDARD_OUTPUT + 2; number < unused; number++) {
			if (!used.contains(number)) {
				addClose(number, actions);
			}
		}
		try {
			check(this.lib.posix_spawn_file_actions_addclosefrom_np(actions, unused),
					"posix_spawn_file_actions_addclosefrom_np()");
		}
		catch (UnsatisfiedLinkError ex) {
			// musl, and glibc before 2.34
			int last = (int) Math.min(Descriptors.highest() + ACCEPTED_MEANWHILE, Descriptors.limit() - 1);
			for (int number = unused; number <= last; number++) {
				addClose(number, actions);
			}
		}
	}

	private void addClose(int number, Pointer actions) throws PosixException {
		check(this.lib.posix_spawn_file_actions_addclose(actions, number),
				"posix_spawn_file_actions_addclose(" + number + ")");
	}

	private static void check(int error, String call) throws PosixException {
		if (error != 0) {
			throw PosixException.of(call, error);
		}
	}

	private static byte[] bytes(Path path) {
		return path.toString().getBytes(PlatformText.charset());
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

	/**
	 * What is done in the new process before the program begins.
	 */
	@FunctionalInterface
	private interface Actions {

		void addTo(Pointer actions) throws IOException;

	}

	/**
	 * The reading ends of the output of a process, closed if no process was started.
	 */
	private static final class Streams implements AutoCloseable {

		private final InputStream output;

		private final InputStream error;

		private boolean taken;

		Streams(InputStream output, Pipe error) throws IOException {
			this.output = output;
			try {
				this.error = error.open();
			}
			catch (IOException | RuntimeException | Error ex) {
				output.close();
				throw ex;
			}
		}

		@Override
		public void close() throws IOException {
			if (!this.taken) {
				this.output.close();
				this.error.close();
			}
		}

	}

	/**
	 * A pipe. The kernel opens an end once more by its number, through the public API of
	 * the JDK.
	 */
	private static final class Pipe implements AutoCloseable {

		private final Descriptor readEnd;

		private final Descriptor writeEnd;

		Pipe(LibSpawn lib, int lowest) throws IOException {
			int[] ends = new int[2];
			Native.check(lib.pipe2(ends, OpenFlags.O_CLOEXEC.intValue()), "pipe2()");
			try (Descriptor low = new Descriptor(ends[0]); Descriptor alsoLow = new Descriptor(ends[1])) {
				this.readEnd = Descriptor.duplicate(low.number(), lowest);
				this.writeEnd = duplicateOrClose(alsoLow.number(), lowest);
			}
		}

		private Descriptor duplicateOrClose(int number, int lowest) throws PosixException {
			try {
				return Descriptor.duplicate(number, lowest);
			}
			catch (PosixException ex) {
				this.readEnd.close();
				throw ex;
			}
		}

		String name() throws PosixException {
			return Descriptors.target(this.readEnd.number());
		}

		/**
		 * Return a stream that reads the pipe after its ends are closed here.
		 */
		InputStream open() throws IOException {
			// Room for output that is written while this process hangs. Not every user
			// may set this
			Native.posix().fcntlInt(this.writeEnd.number(), Fcntl.F_SETPIPE_SZ, PIPE_SIZE);
			// The JDK's stream of a file would ask a pipe for its position
			return new FilterInputStream(new FileInputStream("/proc/self/fd/" + this.readEnd.number())) {
			};
		}

		void write(String text) throws IOException {
			try (OutputStream stream = new FileOutputStream("/proc/self/fd/" + this.writeEnd.number())) {
				stream.write(text.getBytes(StandardCharsets.US_ASCII));
			}
		}

		@Override
		public void close() {
			this.readEnd.close();
			this.writeEnd.close();
		}

	}

	/**
	 * Descriptors that are open while they are copied.
	 */
	private static final class Duplicates implements AutoCloseable {

		private final List<Integer> originals;

		private final List<Descriptor> descriptors = new ArrayList<>();

		Duplicates(List<Integer> originals, int lowest) throws IOException {
			this.originals = originals;
			try {
				for (int original : originals) {
					this.descriptors.add(Descriptor.duplicate(original, lowest));
				}
			}
			catch (IOException | RuntimeException | Error ex) {
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
