package io.github.gracefulrestart.successor;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.Dialect;
import io.github.gracefulrestart.handover.Message;
import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.handover.Message.Left;
import io.github.gracefulrestart.handover.Message.Ping;
import io.github.gracefulrestart.handover.Message.Pong;
import io.github.gracefulrestart.handover.Message.Refused;
import io.github.gracefulrestart.handover.Message.Report;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.handover.ProtocolException;
import io.github.gracefulrestart.handover.ReceivedMessage;
import io.github.gracefulrestart.handover.SpareListeners;
import io.github.gracefulrestart.listener.InheritedListeners;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.posix.ChildDescriptors;
import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.PipedOutput;
import io.github.gracefulrestart.posix.PosixException;
import io.github.gracefulrestart.posix.ProcessWatch;
import io.github.gracefulrestart.process.StandardOutput;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.Threads;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A successor's connection to its predecessor, made while the application context is
 * still being prepared, because loading native code takes a while and the descriptors are
 * safer here than there.
 */
public final class PredecessorLink implements InheritedListeners {

	private static final Log logger = LogFactory.getLog(PredecessorLink.class);

	/** For WELCOME, where nothing can be done without it. */
	private static final Duration HANDOVER_PATIENCE = Duration.ofSeconds(30);

	/** For WELCOME, where there are spare listeners to go on with. */
	private static final Duration SPARE_PATIENCE = Duration.ofSeconds(10);

	private static final Duration DYING_PATIENCE = Duration.ofSeconds(2);

	/**
	 * For the end of the process of a predecessor that has left. One that lives on is
	 * another program by then.
	 */
	private static final Duration LEFT_PATIENCE = Duration.ofSeconds(1);

	private final SuccessorFlag flag;

	private final Map<Welcome.Listener, Descriptor> offered = new LinkedHashMap<>();

	private final List<Welcome.Listener> adopted = new ArrayList<>();

	private final Map<Welcome.Listener, Descriptor> spares = new LinkedHashMap<>();

	private final CompletableFuture<Void> welcomed = new CompletableFuture<>();

	/** Replaced when there is nothing to tell any more. */
	private volatile CompletableFuture<Handler> handler = new CompletableFuture<>();

	/** Completes when all has been told, in this order, that has happened so far. */
	private volatile CompletableFuture<Handler> told = this.handler;

	private final CompletableFuture<Void> predecessorGone = new CompletableFuture<>();

	private volatile @Nullable ControlConnection connection;

	private volatile boolean reported;

	private boolean left;

	private boolean refused;

	private boolean ownOutput;

	private PredecessorLink(SuccessorFlag flag) {
		this.flag = flag;
	}

	/**
	 * Begin to connect, in a thread of its own.
	 * @param flag who launched this JVM and where to connect
	 * @return the link
	 */
	public static PredecessorLink open(SuccessorFlag flag) {
		PredecessorLink link = new PredecessorLink(flag);
		Threads.startDaemon("graceful-restart-control", link::run);
		return link;
	}

	/**
	 * Return who launched this JVM.
	 * @return the flag
	 */
	public SuccessorFlag flag() {
		return this.flag;
	}

	/**
	 * Return whether the predecessor would serve again if this process ended.
	 * @return {@code true} until it is gone, or has reported and leaves
	 */
	public boolean canTakeBack() {
		return !this.reported && this.flag.isPredecessorRunning();
	}

	private void run() {
		try (ProcessWatch predecessor = ProcessWatch.of(this.flag.predecessorPid())) {
			disconnected(listen(), predecessor);
		}
		catch (Throwable ex) {
			LastResort.log("The predecessor cannot be watched any longer, because of an unexpected error", ex);
			this.welcomed.completeExceptionally(ex);
		}
	}

	/**
	 * Do what the predecessor says, until it says no more.
	 * @return why it cannot be heard any longer
	 */
	private Throwable listen() {
		try {
			ChildDescriptors.keepForThisProcess();
			synchronized (this.offered) {
				this.spares.putAll(SpareListeners.own(this.flag.handover().listeners()));
			}
			ControlConnection control = ControlConnection.connect(this.flag.socket(),
					Dialect.parse(this.flag.handover().protocol()));
			this.connection = control;
			control.send(new Hello(this.flag.token(), Dialect.OWN.features()));
			accept(control, control.receive());
			while (true) {
				pass(control.receive());
			}
		}
		catch (ProtocolException ex) {
			misunderstood(String.valueOf(ex.getMessage()));
			return ex;
		}
		catch (IOException | LinkageError ex) {
			return ex;
		}
		catch (Throwable ex) {
			LastResort.log("Cannot read from the predecessor any more because of an unexpected error", ex);
			close();
			return ex;
		}
	}

	/**
	 * A successor that does not know yet what it is to do cannot do more than say so.
	 */
	private void misunderstood(String reason) {
		if (this.handler.isDone()) {
			tell((attached) -> attached.misunderstood(reason));
		}
		else if (this.welcomed.isDone()) {
			failed("this process violated the control protocol: " + reason, "");
		}
	}

	private void pass(ReceivedMessage received) throws ExecutionException, InterruptedException {
		if (received.message() instanceof Ping) {
			// Whatever the others are at, this process is there
			received.discard();
			send(new Pong());
			return;
		}
		if (received.message() instanceof Report) {
			this.reported = true;
		}
		else if (received.message() instanceof Left && this.reported) {
			this.left = true;
		}
		Handler attached = this.handler.get();
		try {
			attached.received(received);
		}
		catch (RuntimeException | Error ex) {
			LastResort.log(received.message().type() + " cannot be followed", ex);
			received.discard();
			attached.misunderstood(received.message().type() + " cannot be followed: " + ex);
		}
	}

	private void accept(ControlConnection control, ReceivedMessage received) throws IOException {
		List<Descriptor> descriptors = received.descriptors();
		if (received.message() instanceof Refused refusal) {
			received.discard();
			this.refused = true;
			throw new IOException("the predecessor refused this process: " + refusal.reason());
		}
		if (!(received.message() instanceof Welcome welcome) || descriptors.size() != welcome.listeners().size()) {
			received.discard();
			this.refused = true;
			throw new IOException("the predecessor sent " + received.message().type() + " with " + descriptors.size()
					+ " descriptors, which is no welcome");
		}
		synchronized (this.offered) {
			if (this.welcomed.isDone()) {
				// Too late: the spare ones are in use
				descriptors.forEach(Descriptor::close);
				return;
			}
			control.agree(welcome.features());
			closeSpares();
			for (int i = 0; i < welcome.listeners().size(); i++) {
				Descriptor twin = this.offered.put(welcome.listeners().get(i), descriptors.get(i));
				if (twin != null) {
					twin.close();
				}
			}
			this.welcomed.complete(null);
		}
	}

	private void closeSpares() {
		this.spares.values().forEach(Descriptor::close);
		this.spares.clear();
	}

	/**
	 * Do without WELCOME.
	 * @return whether there are listeners to go on with
	 */
	private boolean useSpares() {
		synchronized (this.offered) {
			boolean some = !this.spares.isEmpty();
			this.offered.putAll(this.spares);
			this.spares.clear();
			return some && this.welcomed.complete(null);
		}
	}

	/**
	 * The connection has ended. If the predecessor is dead, its sockets are either here
	 * already or free to be bound, and somebody must serve. As long as it lives it
	 * decides: it knows that this process is of no use to it any more, and ends it. But
	 * what has left is no predecessor any more, whatever its process goes on to do.
	 */
	private void disconnected(Throwable failure, ProcessWatch predecessor) throws IOException {
		boolean welcome = this.welcomed.isDone();
		boolean alive = !welcome
				&& (this.refused || failure instanceof ProtocolException || failure instanceof LinkageError);
		tell(Handler::cutOff);
		boolean left = this.left && (failure instanceof EOFException || failure instanceof PosixException);
		// The connection of a process that is killed ends before the process does
		boolean dead = !alive && (predecessor.await(left ? LEFT_PATIENCE : DYING_PATIENCE) || left);
		if (!welcome && !dead) {
			this.welcomed.completeExceptionally(failure);
			return;
		}
		if (!welcome) {
			logger.warn("Predecessor (pid " + this.flag.predecessorPid() + ") died before the handover. "
					+ (useSpares() ? "This process also holds the listeners and will serve as soon as it is ready"
							: "Binding the listeners anew"));
			deleteSocket();
			this.welcomed.complete(null);
		}
		else if (!dead) {
			logger.warn("The control connection to predecessor (pid " + this.flag.predecessorPid() + ") broke ("
					+ failure.getMessage()
					+ "), but the predecessor is still running. It decides about this process, which continues");
			close();
			predecessor.await(null);
		}
		takeOverOutput();
		tell(Handler::disconnected);
		var unused = this.told.thenRun(this::forgetHandler);
		this.predecessorGone.complete(null);
	}

	private void tell(Consumer<Handler> what) {
		this.told = this.told.thenApply((attached) -> {
			LastResort.attempt("Following the predecessor's end", () -> what.accept(attached));
			return attached;
		});
	}

	/**
	 * This link is there as long as the JVM is, and the application context that has
	 * taken over may be closed and another one run.
	 */
	private void forgetHandler() {
		this.handler = new CompletableFuture<>();
		this.told = this.handler;
	}

	/**
	 * The predecessor would have deleted them.
	 */
	private void deleteSocket() {
		Path directory = this.flag.socket().getParent();
		if (directory == null) {
			return;
		}
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
			for (Path entry : entries) {
				Files.deleteIfExists(entry);
			}
			Files.deleteIfExists(directory);
		}
		catch (NoSuchFileException ex) {
			// They are gone already
		}
		catch (IOException ex) {
			logger.warn("Cannot delete the files of the predecessor in " + directory, ex);
		}
	}

	/**
	 * Say who is to be told of what arrives from now on, and of what has arrived already.
	 * @param handler called on the link's own thread
	 */
	public void attach(Handler handler) {
		this.handler.complete(handler);
	}

	/**
	 * Wait for the end of the predecessor, if it has not come yet.
	 * @param action what to do then; on this thread, if it has come, otherwise on the
	 * link's own
	 */
	public void whenPredecessorGone(Runnable action) {
		var unused = this.predecessorGone.thenRun(action);
	}

	/**
	 * Go on as if the predecessor were gone, which serves nobody and cannot be ended.
	 */
	void presumeGone() {
		this.predecessorGone.complete(null);
	}

	@Override
	public @Nullable Descriptor take(ListenerKey key) throws IOException {
		awaitWelcome();
		synchronized (this.offered) {
			Iterator<Map.Entry<Welcome.Listener, Descriptor>> candidates = this.offered.entrySet().iterator();
			while (candidates.hasNext()) {
				Map.Entry<Welcome.Listener, Descriptor> candidate = candidates.next();
				Welcome.Listener offer = candidate.getKey();
				if (key.accepts(new ListenerKey(offer.name(), offer.address()))) {
					candidates.remove();
					this.adopted.add(offer);
					return candidate.getValue();
				}
			}
		}
		return null;
	}

	private void awaitWelcome() throws IOException {
		try {
			if (!isWelcomed(SPARE_PATIENCE)) {
				if (useSpares()) {
					logger.warn("Predecessor (pid " + this.flag.predecessorPid() + ") has not handed over within "
							+ SPARE_PATIENCE.toSeconds()
							+ " s. Continuing with the listeners that this process received at its launch");
				}
				this.welcomed.get(HANDOVER_PATIENCE.minus(SPARE_PATIENCE).toSeconds(), TimeUnit.SECONDS);
			}
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			throw new IOException(
					"the predecessor (pid " + this.flag.predecessorPid() + ") did not hand over: " + cause.getMessage(),
					cause);
		}
		catch (TimeoutException ex) {
			throw new IOException("the predecessor (pid " + this.flag.predecessorPid() + ") did not hand over within "
					+ HANDOVER_PATIENCE.toSeconds() + " s", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("interrupted while waiting for the predecessor", ex);
		}
	}

	private boolean isWelcomed(Duration patience) throws ExecutionException, InterruptedException {
		try {
			this.welcomed.get(patience.toSeconds(), TimeUnit.SECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
	}

	/**
	 * Return which listeners of the predecessor are in use here.
	 */
	List<Welcome.Listener> adopted() {
		synchronized (this.offered) {
			return List.copyOf(this.adopted);
		}
	}

	/**
	 * Close what the new configuration does not want.
	 */
	void closeUnwanted() {
		synchronized (this.offered) {
			this.offered.values().forEach(Descriptor::close);
			this.offered.clear();
		}
	}

	/**
	 * Write from now on to where the predecessor writes, instead of through it.
	 */
	synchronized void takeOverOutput() {
		if (!this.ownOutput) {
			this.ownOutput = true;
			try {
				PipedOutput.of(this.flag.predecessorPid()).takeOver(StandardOutput.out(), StandardOutput.err());
			}
			catch (IOException | RuntimeException | Error ex) {
				logger.warn("Standard output and error could not be taken over from the predecessor", ex);
			}
		}
	}

	/**
	 * Tell the predecessor that this JVM cannot become ready.
	 * @param reason one sentence
	 * @param detail what is known beyond that, possibly many lines
	 */
	public void failed(String reason, String detail) {
		send(new Failed(reason, detail));
	}

	/**
	 * Send a message, unless the predecessor is gone.
	 */
	boolean send(Message message) {
		ControlConnection control = this.connection;
		if (control == null) {
			return false;
		}
		try {
			control.send(message);
			return true;
		}
		catch (IOException ex) {
			logger.debug("The predecessor cannot be told " + message, ex);
			return false;
		}
	}

	void close() {
		ControlConnection control = this.connection;
		if (control != null) {
			try {
				control.close();
			}
			catch (IOException ex) {
				logger.debug("The control connection could not be closed", ex);
			}
		}
	}

	/**
	 * Is told what arrives.
	 */
	interface Handler {

		/**
		 * A message has arrived; its descriptors now belong to the handler.
		 */
		void received(ReceivedMessage received);

		/**
		 * The predecessor has sent what is no message; the connection is about to end.
		 */
		void misunderstood(String reason);

		/**
		 * The predecessor cannot be heard or told anything any longer. It may still run.
		 */
		void cutOff();

		/**
		 * The predecessor is gone.
		 */
		void disconnected();

	}

}
