package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs inside the service, called by the library where {@link FaultyApplication} made it
 * call. When the point that a test has named is reached, the thread stops there, says so,
 * and does to its process what the test has asked for as soon as the test lets it.
 * <p>
 * Knows no class of the library, because it is compiled without it, and needs nothing but
 * the JDK.
 */
public final class FaultInjector {

	static final String ARMED = "fault";

	static final String REACHED = "fault.reached";

	static final String RELEASED = "fault.released";

	private static final long A_MOMENT = 2_000_000;

	private static final long TO_NOTICE = 200_000_000;

	private static volatile Object channel;

	private static volatile boolean isPredecessor;

	private static volatile boolean stopNoted;

	private FaultInjector() {
	}

	/**
	 * Remember the connection between the two processes.
	 * @param connected its channel
	 */
	public static void connected(Object connected) {
		channel = connected;
	}

	/**
	 * A successor was launched.
	 */
	public static void launched() {
		isPredecessor = true;
		reached("launched");
	}

	/**
	 * The restart knows that this process is told to stop.
	 */
	public static void stopNoted() {
		stopNoted = true;
	}

	/**
	 * A message was received or is being sent.
	 * @param when what happens to it
	 * @param message the message, or {@code null} if there is none
	 */
	public static void message(String when, Object message) {
		if (message != null) {
			reached(when + " " + message.getClass().getSimpleName());
		}
	}

	/**
	 * A message was received.
	 * @param received the message and its descriptors, or {@code null} if there is none
	 */
	public static void received(Object received) {
		if (received != null) {
			message("received", call(received, "message"));
		}
	}

	/**
	 * An application event is about to be published.
	 * @param event any event
	 */
	public static void event(Object event) {
		if (event.getClass().getSimpleName().equals("RestartPhaseEvent")) {
			reached("phase " + call(event, "getPhase"));
		}
	}

	/**
	 * A point was reached.
	 * @param point its name
	 */
	public static void reached(String point) {
		try {
			List<String> armed = Files.readAllLines(Path.of(ARMED));
			String generation = System.getenv().getOrDefault("GRACEFUL_RESTART_GENERATION", "1");
			if (armed.get(0).equals(generation) && armed.get(1).equals(point)) {
				Files.move(Path.of(ARMED), Path.of(REACHED), StandardCopyOption.ATOMIC_MOVE);
				while (!Files.deleteIfExists(Path.of(RELEASED))) {
					LockSupport.parkNanos(A_MOMENT);
				}
				inject(FaultAction.valueOf(armed.get(2)), point);
			}
		}
		catch (NoSuchFileException ex) {
			// No fault is asked for
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void inject(FaultAction action, String point) throws IOException {
		switch (action) {
			case KILL -> signal("KILL");
			case HANG -> signal("STOP");
			case EXIT -> exit(point);
			case CLOSE -> {
				call(channel, "close");
				letTheOthersNotice();
			}
			case GARBAGE -> {
				send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
				letTheOthersNotice();
			}
			case ERROR -> throw new OutOfMemoryError("injected");
			case SILENCE -> LockSupport.park(channel);
			case EXEC -> exec();
			case NONE -> {
				// It was only to be looked at
			}
		}
	}

	/**
	 * With what the library brings along.
	 */
	private static void exec() {
		try {
			Object posix = Class.forName("jnr.posix.POSIXFactory").getMethod("getNativePOSIX").invoke(null);
			Class.forName("jnr.posix.POSIX")
				.getMethod("execv", String.class, String[].class)
				.invoke(posix, "/bin/sleep", new String[] { "sleep", "600" });
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * So that it does not depend on the speed of threads whether this one does something
	 * more before they do what they do about it.
	 */
	private static void letTheOthersNotice() {
		long start = System.nanoTime();
		while (System.nanoTime() - start < TO_NOTICE) {
			LockSupport.parkNanos(TO_NOTICE);
		}
	}

	private static void signal(String name) throws IOException {
		Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(ProcessHandle.current().pid())).start();
		try {
			kill.waitFor();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * The thread that reached the point continues when the restart has noticed the end,
	 * so that the order does not depend on the speed of threads. A successor whose
	 * context is not complete never notices: its end waits for this thread.
	 */
	private static void exit(String point) {
		// There is a context that tells the restart of it only in between
		boolean isStarting = point.endsWith(" Hello") || point.endsWith(" Welcome");
		boolean isEnding = isPredecessor && point.endsWith(" Left");
		new Thread(() -> System.exit(1), "fault-exit").start();
		while (!((isPredecessor ? !isEnding : !isStarting) ? stopNoted : isShuttingDown())) {
			LockSupport.parkNanos(A_MOMENT);
		}
	}

	private static boolean isShuttingDown() {
		Thread hook = new Thread();
		try {
			Runtime.getRuntime().addShutdownHook(hook);
			return !Runtime.getRuntime().removeShutdownHook(hook);
		}
		catch (IllegalStateException ex) {
			return true;
		}
	}

	private static void send(byte[] bytes) {
		try {
			channel.getClass()
				.getMethod("send", ByteBuffer.class, List.class)
				.invoke(channel, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), List.of());
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Object call(Object target, String method) {
		try {
			return target.getClass().getMethod(method).invoke(target);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
