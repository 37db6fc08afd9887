package io.github.gracefulrestart.successor;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

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
import io.github.gracefulrestart.state.EventQueue;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.Threads;
import io.github.gracefulrestart.state.Ticker;
import io.github.gracefulrestart.successor.PredecessorEvent.CutOff;
import io.github.gracefulrestart.successor.PredecessorEvent.Gone;
import io.github.gracefulrestart.successor.PredecessorEvent.Misunderstood;
import io.github.gracefulrestart.successor.PredecessorEvent.Said;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A successor's connection to its predecessor, made while the application context is
 * still being prepared, because loading native code takes time, and the descriptors are
 * safer in this process. A thread of its own receives messages, and answers PING. Every
 * other message becomes an event for {@link SuccessorRun}.
 */
public final class PredecessorLink {

	private static final Log logger = LogFactory.getLog(PredecessorLink.class);

	private static final Duration DYING_PATIENCE = Duration.ofSeconds(2);

	/**
	 * How long to wait for the end of the process of a predecessor that has sent LEFT. A
	 * process that still runs has become another program by then.
	 */
	private static final Duration LEFT_PATIENCE = Duration.ofSeconds(1);

	private final SuccessorFlag flag;

	private final InheritedOffer offer;

	private final EventQueue<PredecessorEvent> events = new EventQueue<>(new Ticker());

	private final CompletableFuture<Void> predecessorGone = new CompletableFuture<>();

	private final AtomicBoolean ownOutput = new AtomicBoolean();

	private volatile boolean followed;

	private volatile @Nullable ControlConnection connection;

	private volatile boolean reported;

	private boolean left;

	private PredecessorLink(SuccessorFlag flag) {
		this.flag = flag;
		this.offer = new InheritedOffer(flag.predecessorPid());
	}

	/**
	 * Begin to connect, in a thread of its own.
	 * @param flag the process that launched this JVM, and the control socket
	 * @return the link
	 */
	public static PredecessorLink open(SuccessorFlag flag) {
		PredecessorLink link = new PredecessorLink(flag);
		Threads.startDaemon("graceful-restart-control", link::run);
		return link;
	}

	/**
	 * Return the flag of this JVM.
	 * @return the flag
	 */
	public SuccessorFlag flag() {
		return this.flag;
	}

	/**
	 * Return the listeners that the predecessor hands over.
	 * @return the listeners; taking one may have to wait
	 */
	public InheritedListeners listeners() {
		return this.offer;
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
			this.offer.refuse(ex);
		}
	}

	/**
	 * Receive the messages of the predecessor, until the connection ends.
	 * @return why the connection has ended
	 */
	private Throwable listen() {
		try {
			ChildDescriptors.keepForThisProcess();
			this.offer.keepSpare(SpareListeners.own(this.flag.handover().listeners()));
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
	 * Before WELCOME, a successor can only report the error.
	 */
	private void misunderstood(String reason) {
		if (this.followed) {
			this.events.add(new Misunderstood(reason));
		}
		else if (this.offer.isDone()) {
			failed("this process violated the control protocol: " + reason, "");
		}
	}

	/**
	 * PING is answered here, because the thread that handles the other messages writes to
	 * the log, where an appender of the application may block.
	 */
	private void pass(ReceivedMessage received) {
		if (received.message() instanceof Ping) {
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
		this.events.add(new Said(received));
	}

	private void accept(ControlConnection control, ReceivedMessage received) throws IOException {
		List<Descriptor> descriptors = received.descriptors();
		if (received.message() instanceof Refused refusal) {
			received.discard();
			throw new UnwelcomeException("the predecessor refused this process: " + refusal.reason());
		}
		if (!(received.message() instanceof Welcome welcome) || descriptors.size() != welcome.listeners().size()) {
			received.discard();
			throw new UnwelcomeException("the predecessor sent " + received.message().type() + " with "
					+ descriptors.size() + " descriptors, which is no welcome");
		}
		control.agree(welcome.features());
		this.offer.make(welcome, descriptors);
	}

	/**
	 * The connection has ended. If the predecessor is dead, this process must serve: it
	 * has the sockets already, or can bind them. While the predecessor runs, it decides:
	 * it notices the end of the connection, too, and terminates this process. A
	 * predecessor that has sent LEFT counts as dead, even if its process continues as
	 * another program.
	 */
	private void disconnected(Throwable failure, ProcessWatch predecessor) throws IOException {
		this.events.add(new CutOff());
		boolean welcome = this.offer.isDone();
		boolean left = this.left && (failure instanceof EOFException || failure instanceof PosixException);
		boolean alive = !welcome && (failure instanceof UnwelcomeException || failure instanceof ProtocolException
				|| failure instanceof LinkageError);
		// The connection of a process that is killed ends before the process does
		boolean dead = !alive && (predecessor.await(left ? LEFT_PATIENCE : DYING_PATIENCE) || left);
		if (!welcome && !dead) {
			this.offer.refuse(failure);
			return;
		}
		if (!welcome) {
			goOnWithoutWelcome();
		}
		else if (!dead) {
			logger.warn("The control connection to predecessor (pid " + this.flag.predecessorPid() + ") broke ("
					+ failure.getMessage()
					+ "), but the predecessor is still running. It decides about this process, which continues");
			close();
			predecessor.await(null);
		}
		takeOverOutput();
		this.events.add(new Gone());
		this.predecessorGone.complete(null);
	}

	private void goOnWithoutWelcome() {
		logger.warn("Predecessor (pid " + this.flag.predecessorPid() + ") died before the handover. "
				+ (this.offer.makeOfSpares()
						? "This process also holds the listeners and will serve as soon as it is ready"
						: "Binding the listeners anew"));
		deleteSocket();
		this.offer.makeEmpty();
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
			// The files have been deleted already
		}
		catch (IOException ex) {
			logger.warn("Cannot delete the files of the predecessor in " + directory, ex);
		}
	}

	/**
	 * Return the events, including earlier ones, to be taken by one thread. Events that
	 * have been taken are not kept, because this link exists as long as the JVM, while
	 * the application context that has taken over may be closed and another one run.
	 */
	EventQueue<PredecessorEvent> events() {
		return this.events;
	}

	/**
	 * From now on, a thread takes the events.
	 */
	void follow() {
		this.followed = true;
	}

	/**
	 * Wait for the end of the predecessor, if it has not ended yet.
	 * @param action the action; called on this thread if the predecessor has ended
	 * already, otherwise on the link's own
	 */
	public void whenPredecessorGone(Runnable action) {
		var unused = this.predecessorGone.thenRun(action);
	}

	/**
	 * Continue as if the predecessor were gone, because it no longer serves and cannot be
	 * killed.
	 */
	void presumeGone() {
		this.predecessorGone.complete(null);
	}

	/**
	 * Return which listeners of the predecessor are in use here.
	 */
	List<ListenerKey> adopted() {
		return this.offer.adopted();
	}

	/**
	 * Close the listeners that the new configuration does not have.
	 */
	void closeUnwanted() {
		this.offer.closeUnwanted();
	}

	/**
	 * From now on, write directly to the outputs of the predecessor.
	 */
	void takeOverOutput() {
		if (this.ownOutput.compareAndSet(false, true)) {
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
	 * @param detail further details, possibly many lines
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
	 * The predecessor runs, and does not want this process.
	 */
	private static final class UnwelcomeException extends IOException {

		private static final long serialVersionUID = 1L;

		UnwelcomeException(String message) {
			super(message);
		}

	}

}
