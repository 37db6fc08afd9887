package io.github.gracefulrestart.generations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.ControlServer;
import io.github.gracefulrestart.handover.Message;
import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Connections;
import io.github.gracefulrestart.handover.Message.Proceed;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.handover.Message.Relieved;
import io.github.gracefulrestart.handover.Message.Serving;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.handover.ReceivedMessage;
import io.github.gracefulrestart.process.SuccessorFlag;

/**
 * A predecessor that says what a test wants it to say, and a real successor.
 */
public final class ScriptedPredecessor implements AutoCloseable {

	/** A batch of no connections. */
	private static final int NONE = 77;

	private final Generation generation = new Generation(RestartPhase.SERVING, 1, null, null);

	private final StandIn process = new StandIn();

	private final ControlServer server;

	private final ControlConnection connection;

	private final Successor successor;

	/**
	 * Launch a successor and let it in.
	 * @param directory where the control socket is made
	 * @param limits the limits of the successor
	 * @param dryRun whether the successor is never to serve
	 * @throws IOException if it cannot connect
	 */
	public ScriptedPredecessor(Path directory, Limits limits, boolean dryRun) throws IOException {
		this.generation.startServer();
		this.server = ControlServer.open(directory);
		this.successor = new Successor(new SuccessorFlag(this.process.pid(), this.server.socket(), this.server.token(),
				2, dryRun, SuccessorFlag.Handover.NONE), directory, limits);
		this.connection = this.server.awaitSuccessor((pid) -> true, (intruder) -> {
		});
	}

	public ScriptedPredecessor(Path directory, Limits limits) throws IOException {
		this(directory, limits, false);
	}

	/**
	 * Hand over the listener, with which the successor starts.
	 * @return this
	 * @throws IOException if that failed
	 */
	public ScriptedPredecessor welcome() throws IOException {
		this.connection.send(new Welcome(2, List.of(Generation.KEY), List.of()),
				List.of(this.generation.host().listener().descriptor()));
		this.successor.start();
		return this;
	}

	/**
	 * Hand over the listener, and let the successor become ready.
	 * @return this
	 * @throws IOException if that failed
	 */
	public ScriptedPredecessor ready() throws IOException {
		welcome();
		this.successor.ready();
		expect(Ready.class);
		return this;
	}

	/**
	 * Let the successor serve, alone.
	 * @return this
	 * @throws IOException if that failed
	 */
	public ScriptedPredecessor serve() throws IOException {
		ready();
		say(new Proceed());
		expect(Serving.class);
		this.generation.host().listener().handOver();
		return say(new Relieved(0));
	}

	/**
	 * Say something.
	 * @param message what
	 * @return this
	 * @throws IOException if the successor is gone
	 */
	public ScriptedPredecessor say(Message message) throws IOException {
		this.connection.send(message);
		return this;
	}

	/**
	 * Say something, and pass descriptors.
	 * @param message what
	 * @param descriptors the descriptors
	 * @throws IOException if the successor is gone
	 */
	public void say(Message message, List<Integer> descriptors) throws IOException {
		this.connection.send(message, descriptors);
	}

	/**
	 * Wait for a message.
	 * @param <T> its type
	 * @param type its type
	 * @return the message, which is the next
	 * @throws IOException if the connection ends
	 */
	public <T extends Message> T expect(Class<T> type) throws IOException {
		ReceivedMessage received = this.connection.receive();
		received.discard();
		if (!type.isInstance(received.message())) {
			throw new AssertionError(received.message() + " instead of " + type.getSimpleName());
		}
		return type.cast(received.message());
	}

	/**
	 * Wait until the successor has followed all that has been said.
	 * @throws IOException if the connection ends, or something else comes
	 */
	public void awaitFollowed() throws IOException {
		say(new Connections(NONE, Generation.KEY, List.of()));
		if (expect(Adopted.class).batch() != NONE) {
			throw new AssertionError("an answer to something else");
		}
	}

	/**
	 * Close the connection, and live on.
	 * @throws IOException if that failed
	 */
	public void hangUp() throws IOException {
		this.connection.close();
	}

	/**
	 * Die.
	 * @throws IOException if the connection cannot be closed
	 */
	public void die() throws IOException {
		this.process.close();
		this.connection.close();
	}

	public Successor successor() {
		return this.successor;
	}

	public Generation generation() {
		return this.generation;
	}

	@Override
	public void close() throws IOException {
		die();
		this.successor.close();
		this.generation.close();
		if (Files.exists(this.server.directory())) {
			this.server.close();
		}
	}

}
