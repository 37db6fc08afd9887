package io.github.gracefulrestart.generations;

import java.io.IOException;
import java.util.List;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.Dialect;
import io.github.gracefulrestart.handover.Message;
import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.handover.Message.Ping;
import io.github.gracefulrestart.handover.Message.Pong;
import io.github.gracefulrestart.handover.Message.Proceed;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.handover.Message.Relieved;
import io.github.gracefulrestart.handover.Message.Serving;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.handover.ReceivedMessage;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.process.PretendedSuccessor;
import io.github.gracefulrestart.process.SuccessorFlag;

/**
 * A successor that says what a test wants it to say.
 */
public final class ScriptedSuccessor {

	private static final int CAPACITY = 100;

	private final SuccessorFlag flag;

	private final PretendedSuccessor process;

	private ControlConnection connection;

	private ReceivedMessage welcome;

	public ScriptedSuccessor(SuccessorFlag flag, PretendedSuccessor process) {
		this.flag = flag;
		this.process = process;
	}

	public SuccessorFlag flag() {
		return this.flag;
	}

	/**
	 * Be let in.
	 * @return this
	 * @throws IOException if the predecessor does not listen
	 */
	public ScriptedSuccessor connect() throws IOException {
		this.connection = ControlConnection.connect(this.flag.socket(), Dialect.OWN);
		return say(new Hello(this.flag.token(), List.of()));
	}

	/**
	 * Be welcome.
	 * @return this
	 * @throws IOException if it is not
	 */
	public ScriptedSuccessor inherit() throws IOException {
		connect();
		this.welcome = this.connection.receive();
		if (!(this.welcome.message() instanceof Welcome)) {
			throw new AssertionError(this.welcome.message() + " is no welcome");
		}
		return this;
	}

	/**
	 * Return the first of the listening sockets that it was given.
	 * @return the descriptor, which is closed with the connection
	 */
	public Descriptor listener() {
		return this.welcome.descriptors().get(0);
	}

	/**
	 * Become ready, and be told to proceed.
	 * @return this
	 * @throws IOException if it is not
	 */
	public ScriptedSuccessor proceed() throws IOException {
		inherit();
		say(new Ready());
		expect(Proceed.class);
		return this;
	}

	/**
	 * Serve, and be the only one.
	 * @return this
	 * @throws IOException if it is not
	 */
	public ScriptedSuccessor serve() throws IOException {
		return serve(List.of(Generation.KEY));
	}

	/**
	 * Serve on some listeners, and be the only one.
	 * @param adopted which
	 * @return this
	 * @throws IOException if it is not
	 */
	public ScriptedSuccessor serve(List<ListenerKey> adopted) throws IOException {
		proceed();
		say(new Serving(adopted, CAPACITY));
		expect(Relieved.class);
		return this;
	}

	/**
	 * Say something.
	 * @param message what
	 * @return this
	 * @throws IOException if the predecessor is gone
	 */
	public ScriptedSuccessor say(Message message) throws IOException {
		this.connection.send(message);
		return this;
	}

	/**
	 * Wait for a message, and answer whether this process is there until it comes.
	 * @param <T> its type
	 * @param type its type
	 * @return the message
	 * @throws IOException if the predecessor says something else
	 */
	public <T extends Message> T expect(Class<T> type) throws IOException {
		while (true) {
			ReceivedMessage received = this.connection.receive();
			received.discard();
			if (type.isInstance(received.message())) {
				return type.cast(received.message());
			}
			if (!(received.message() instanceof Ping)) {
				throw new AssertionError(received.message() + " instead of " + type.getSimpleName());
			}
			say(new Pong());
		}
	}

	/**
	 * Wait for a message, and answer nothing.
	 * @param type its type
	 * @throws IOException if the predecessor says something else
	 */
	public void expectOnly(Class<? extends Message> type) throws IOException {
		ReceivedMessage received = this.connection.receive();
		received.discard();
		if (!type.isInstance(received.message())) {
			throw new AssertionError(received.message() + " instead of " + type.getSimpleName());
		}
	}

	/**
	 * Close the connection, and what came with it.
	 * @throws IOException if that failed
	 */
	public void hangUp() throws IOException {
		ReceivedMessage given = this.welcome;
		if (given != null) {
			given.discard();
		}
		ControlConnection open = this.connection;
		if (open != null) {
			open.close();
		}
	}

	/**
	 * Exit.
	 * @param status the exit status
	 */
	public void exit(int status) {
		this.process.exit(status);
	}

	/**
	 * What it says and does, in a thread of its own.
	 */
	@FunctionalInterface
	public interface Script {

		void play(ScriptedSuccessor successor) throws Exception;

	}

}
