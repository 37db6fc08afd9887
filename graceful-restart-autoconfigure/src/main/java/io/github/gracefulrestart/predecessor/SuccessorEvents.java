package io.github.gracefulrestart.predecessor;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.ControlServer;
import io.github.gracefulrestart.handover.ProtocolException;
import io.github.gracefulrestart.handover.ReceivedMessage;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Connected;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Disconnected;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Exited;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Misunderstood;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Received;
import io.github.gracefulrestart.predecessor.SuccessorEvent.StopRequested;
import io.github.gracefulrestart.process.SuccessorProcess;
import io.github.gracefulrestart.state.EventQueue;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.Threads;
import io.github.gracefulrestart.state.Ticker;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Passes events of other threads to the restart's thread, in the order in which they were
 * noticed.
 */
final class SuccessorEvents implements Closeable {

	private static final Log logger = RestartLog.LOG;

	private final EventQueue<SuccessorEvent> queue = new EventQueue<>(new Ticker());

	private volatile boolean stopRequested;

	private volatile @Nullable ControlConnection connection;

	private boolean closed;

	/**
	 * Note that this process is told to stop.
	 */
	void stopRequested() {
		this.stopRequested = true;
		this.queue.add(new StopRequested());
	}

	/**
	 * Return whether this process was told to stop, even if other events come first.
	 */
	boolean isStopRequested() {
		return this.stopRequested;
	}

	/**
	 * Watch a successor: its messages and its end.
	 * @param process the successor
	 * @param server the server that it connects to
	 */
	void follow(SuccessorProcess process, ControlServer server) {
		process.onExit((status) -> this.queue.add(new Exited(status)));
		Threads.startDaemon("graceful-restart-control", () -> listen(process, server));
	}

	private void listen(SuccessorProcess process, ControlServer server) {
		Consumer<String> intruders = (description) -> logger
			.warn("Control socket: " + description + ". It was refused, and the restart continues");
		try {
			ControlConnection control = server.awaitSuccessor(process::mayBe, intruders);
			if (!keep(control)) {
				control.close();
				return;
			}
			process.connected(control.peerPid());
			this.queue.add(new Connected(control));
			receive(control);
		}
		catch (ProtocolException ex) {
			this.queue.add(new Misunderstood(String.valueOf(ex.getMessage())));
		}
		catch (IOException ex) {
			// Ignored if the restart has ended for another reason and closed the server
			this.queue.add(new Disconnected("could not connect: " + ex.getMessage()));
		}
		catch (RuntimeException | Error ex) {
			this.queue.add(new Disconnected("could not be read from because of an unexpected error: " + ex));
			throw ex;
		}
	}

	/**
	 * The restart may have ended since the successor was accepted.
	 */
	private synchronized boolean keep(ControlConnection control) {
		if (!this.closed) {
			this.connection = control;
		}
		return !this.closed;
	}

	private void receive(ControlConnection control) {
		try {
			while (true) {
				ReceivedMessage received = control.receive();
				received.discard();
				this.queue.add(new Received(received.message()));
			}
		}
		catch (EOFException ex) {
			this.queue.add(new Disconnected("closed its end of the control socket"));
		}
		catch (ProtocolException ex) {
			this.queue.add(new Misunderstood(String.valueOf(ex.getMessage())));
		}
		catch (IOException ex) {
			// Some exceptions of the JDK have no message
			String what = (ex.getMessage() != null) ? ex.getMessage() : ex.getClass().getSimpleName();
			this.queue.add(new Disconnected("broke the control connection: " + what));
		}
	}

	/**
	 * Return the connection to the successor, whether or not its event has been taken
	 * yet.
	 * @return the connection, or {@code null} if there has been none
	 */
	@Nullable ControlConnection connection() {
		return this.connection;
	}

	/**
	 * Close the connection to the successor, if there is one, or as soon as there is.
	 */
	@Override
	public void close() {
		ControlConnection open = end();
		if (open != null) {
			try {
				open.close();
			}
			catch (IOException ex) {
				logger.debug("The control connection could not be closed", ex);
			}
		}
	}

	private synchronized @Nullable ControlConnection end() {
		this.closed = true;
		return this.connection;
	}

	/**
	 * Wait for the next event. Time in which this process is suspended does not count.
	 * @param patience for how long, not at all if negative
	 * @return the event, or {@code null} if there was none in time
	 * @throws RestartEndedException if the restart's thread was interrupted
	 */
	@Nullable SuccessorEvent poll(Duration patience) throws RestartEndedException {
		try {
			return this.queue.poll(patience);
		}
		catch (InterruptedException ex) {
			throw new RestartEndedException(new Ending.Failed("its thread was interrupted", null, ex));
		}
	}

	/**
	 * Return the clock of the restart's thread.
	 */
	Ticker clock() {
		return this.queue.clock();
	}

}
