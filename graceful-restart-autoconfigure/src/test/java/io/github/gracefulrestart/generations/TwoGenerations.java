package io.github.gracefulrestart.generations;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.predecessor.DryRun;
import io.github.gracefulrestart.predecessor.PendingAttempt;
import io.github.gracefulrestart.predecessor.PredecessorRun;
import io.github.gracefulrestart.predecessor.Run;
import io.github.gracefulrestart.predecessor.RunParts;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.preflight.Preflights;
import io.github.gracefulrestart.process.PretendedSuccessor;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.process.SuccessorProcess;

/**
 * A generation that serves and is asked for a restart, and the one that it launches, in
 * one JVM. The launched one is a real one or plays a script; only the processes are
 * pretended.
 */
public final class TwoGenerations implements AutoCloseable {

	private static final int PATIENCE_SECONDS = 120;

	private final Path directory;

	private final Limits limits;

	private final Generation predecessor = new Generation(RestartPhase.SERVING, 1, null, null);

	private final StandIn predecessorProcess = new StandIn();

	private final PretendedSuccessor successorProcess = new PretendedSuccessor();

	private final CompletableFuture<Successor> successor = new CompletableFuture<>();

	private final CompletableFuture<Void> script = new CompletableFuture<>();

	private final PendingAttempt attempt = new PendingAttempt();

	private final List<Boolean> departures = new CopyOnWriteArrayList<>();

	private final List<SocketChannel> clients = new ArrayList<>();

	private final InetSocketAddress address;

	private Preflight preflight = Preflights.none();

	private ScriptedSuccessor.Script played;

	private boolean held;

	private volatile RuntimeException leaveFailure;

	private Run run;

	private Thread thread;

	/**
	 * Create a generation that serves.
	 * @param directory where control sockets are made
	 * @param limits the limits of each
	 * @throws IOException if it cannot listen
	 */
	public TwoGenerations(Path directory, Limits limits) throws IOException {
		this.directory = directory;
		this.limits = limits;
		this.predecessor.startServer();
		this.address = (InetSocketAddress) this.predecessor.host().listener().localAddress();
	}

	/**
	 * Look at something before anything is launched.
	 * @param checks what is looked at
	 * @return this
	 */
	public TwoGenerations preflight(Preflight checks) {
		this.preflight = checks;
		return this;
	}

	/**
	 * Launch no real successor.
	 * @param script what it says and does instead
	 * @return this
	 */
	public TwoGenerations script(ScriptedSuccessor.Script script) {
		this.played = script;
		return this;
	}

	/**
	 * Let the test say when the successor is ready.
	 * @return this
	 */
	public TwoGenerations hold() {
		this.held = true;
		return this;
	}

	/**
	 * Let the predecessor fail to leave, the first time that it tries.
	 * @param failure how
	 * @return this
	 */
	public TwoGenerations failToLeave(RuntimeException failure) {
		this.leaveFailure = failure;
		return this;
	}

	/**
	 * Begin a restart.
	 * @return this
	 */
	public TwoGenerations restart() {
		return begin(new PredecessorRun(parts(), "test", this.attempt, this::leave));
	}

	/**
	 * Begin a dry run.
	 * @param boot whether to launch a successor
	 * @return what it finds
	 */
	public CompletableFuture<DryRunReport> dryRun(boolean boot) {
		CompletableFuture<DryRunReport> result = new CompletableFuture<>();
		begin(new DryRun(parts(), "test", boot, result));
		return result.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	private RunParts parts() {
		return new RunParts(this.predecessor.state(), this.predecessor.hosts(), this::launch,
				ApplicationJars.ofThisJvm(), this.limits.settings(this.directory), this.preflight);
	}

	private TwoGenerations begin(Run next) {
		this.predecessor.state().move(RestartPhase.PREFLIGHT);
		this.run = next;
		this.thread = new Thread(next, "graceful-restart");
		this.thread.start();
		return this;
	}

	private SuccessorProcess launch(SuccessorFlag flag, List<Integer> listeners, Path scratch) {
		// One process cannot be the predecessor of itself, and die
		SuccessorFlag given = new SuccessorFlag(this.predecessorProcess.pid(), flag.socket(), flag.token(),
				flag.generation(), flag.dryRun(), flag.handover());
		new Thread(() -> start(given), "main-of-successor").start();
		return this.successorProcess.asLaunched();
	}

	private void start(SuccessorFlag flag) {
		try {
			if (this.played != null) {
				play(new ScriptedSuccessor(flag, this.successorProcess));
				return;
			}
			Successor launched = new Successor(flag, this.directory, this.limits);
			var unused = this.successorProcess.onExit().thenRun(() -> end(launched));
			launched.start();
			if (!this.held) {
				launched.ready();
			}
			this.successor.complete(launched);
		}
		catch (Throwable ex) {
			this.successor.completeExceptionally(ex);
			this.script.completeExceptionally(ex);
		}
	}

	private void play(ScriptedSuccessor scripted) throws Exception {
		try {
			this.played.play(scripted);
			this.script.complete(null);
		}
		finally {
			// Not while the script reads: what was sent before the process was ended is
			// there
			var unused = this.successorProcess.onExit().thenRun(() -> end(scripted::hangUp));
		}
	}

	private static void end(AutoCloseable process) {
		try {
			process.close();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void leave(Long successorPid, boolean drained, Runnable left) {
		RuntimeException failure = this.leaveFailure;
		if (failure != null) {
			this.leaveFailure = null;
			throw failure;
		}
		this.departures.add(drained);
		if (successorPid != null) {
			this.predecessor.state().participants().leaving(successorPid);
		}
		left.run();
		end(this.predecessorProcess);
		var unused = this.successor.thenAccept(Successor::cutOff);
	}

	/**
	 * Tell the predecessor's process to stop.
	 */
	public void stop() {
		this.run.stop();
	}

	/**
	 * Wait for the end of what has been begun.
	 * @return what the predecessor knows of it
	 * @throws Exception if it does not end
	 */
	public RestartReport report() throws Exception {
		this.thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
		if (this.thread.isAlive()) {
			throw new AssertionError("The restart is still under way: " + List.of(this.thread.getStackTrace()));
		}
		if (this.played != null && this.script.isDone()) {
			this.script.get();
		}
		RestartReport last = this.predecessor.state().lastReport();
		return (last != null) ? last : this.attempt.outcome().toCompletableFuture().get();
	}

	/**
	 * Return where to hear how a restart goes.
	 * @return the attempt, as the caller gets it
	 */
	public PendingAttempt attempt() {
		return this.attempt;
	}

	/**
	 * Return the generation that was asked for a restart.
	 * @return the predecessor
	 */
	public Generation predecessor() {
		return this.predecessor;
	}

	/**
	 * Wait until the successor has been launched and has a web server.
	 * @return the successor
	 * @throws Exception if it does not start
	 */
	public Successor successor() throws Exception {
		return this.successor.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	/**
	 * Let the successor's process exit, whatever it is at.
	 * @param status the exit status
	 */
	public void exitSuccessor(int status) {
		this.successorProcess.exit(status);
	}

	/**
	 * Return whether the predecessor's process has ended by itself.
	 * @return whether all was drained, for each time that it has
	 */
	public List<Boolean> departures() {
		return List.copyOf(this.departures);
	}

	/**
	 * Connect to the service.
	 * @return the connection
	 * @throws IOException if no process listens
	 */
	public SocketChannel connect() throws IOException {
		SocketChannel client = SocketChannel.open(this.address);
		this.clients.add(client);
		return client;
	}

	/**
	 * Send one byte.
	 * @param client a connection to the service
	 * @param value the byte
	 * @throws IOException if the connection was reset
	 */
	public static void send(SocketChannel client, int value) throws IOException {
		client.write(ByteBuffer.wrap(new byte[] { (byte) value }));
	}

	@Override
	public void close() throws IOException {
		for (SocketChannel client : this.clients) {
			client.close();
		}
		this.successorProcess.exit(0);
		this.predecessorProcess.close();
		this.predecessor.close();
		if (this.thread != null) {
			awaitEnd(this.thread);
		}
	}

	private static void awaitEnd(Thread restart) {
		try {
			restart.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
