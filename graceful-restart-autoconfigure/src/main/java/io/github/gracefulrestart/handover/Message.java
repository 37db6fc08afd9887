package io.github.gracefulrestart.handover;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What predecessor and successor say to each other, in the order of a restart that goes
 * well: {@link Hello}, {@link Welcome}, {@link Ready}, {@link Proceed}, {@link Serving},
 * {@link Relieved}, any number of {@link Connections} and {@link Adopted},
 * {@link Report}. {@link Ping} and {@link Pong} go back and forth from {@link Serving}
 * on. {@link Refused}, {@link Failed}, {@link TakeBack}, {@link Stopping} and
 * {@link Abort} end a restart early.
 * <p>
 * Texts are shortened when a message is made, so that none is ever too long to be sent.
 *
 * @since 0.1.0
 */
public sealed interface Message {

	/**
	 * Return the number that stands for this kind of message in a frame.
	 * @return the type
	 */
	Type type();

	/**
	 * Write the fields of this message.
	 * @param out where to write
	 * @throws IOException if writing failed
	 */
	default void write(DataOutput out) throws IOException {
	}

	/**
	 * The successor proves who it is. This message and {@link Refused} keep their shape
	 * in every version of the protocol.
	 *
	 * @param token the one-time token that the predecessor gave to the process it
	 * launched
	 */
	record Hello(String token) implements Message {

		public Hello {
			token = Text.shorten(token);
		}

		@Override
		public Type type() {
			return Type.HELLO;
		}

		@Override
		public void write(DataOutput out) throws IOException {
			out.writeUTF(this.token);
		}

		@Override
		public String toString() {
			return "Hello[token=***]";
		}

		private static Message read(DataInput in) throws IOException {
			return new Hello(in.readUTF());
		}

	}

	/**
	 * The predecessor does not talk to this peer.
	 *
	 * @param reason why, for the peer's log
	 */
	record Refused(String reason) implements Message {

		public Refused {
			reason = Text.shorten(reason);
		}

		@Override
		public Type type() {
			return Type.REFUSED;
		}

		@Override
		public void write(DataOutput out) throws IOException {
			out.writeUTF(this.reason);
		}

		private static Message read(DataInput in) throws IOException {
			return new Refused(in.readUTF());
		}

	}

	/**
	 * The predecessor hands over. With this message come the descriptors of the
	 * listeners, in the order of {@code listeners}.
	 *
	 * @param generation the successor's generation
	 * @param listeners what the listening descriptors are
	 */
	record Welcome(int generation, List<Listener> listeners) implements Message {

		@Override
		public Type type() {
			return Type.WELCOME;
		}

		@Override
		public void write(DataOutput out) throws IOException {
			out.writeInt(this.generation);
			Listener.writeAll(this.listeners, out);
		}

		private static Message read(DataInput in) throws IOException {
			return new Welcome(in.readInt(), Listener.readAll(in));
		}

		/**
		 * One listening socket.
		 *
		 * @param name the name that it has in every generation
		 * @param address the address that it was configured with
		 */
		public record Listener(String name, String address) {

			public Listener {
				name = Text.shorten(name);
				address = Text.shorten(address);
			}

			private static void writeAll(List<Listener> listeners, DataOutput out) throws IOException {
				out.writeShort(listeners.size());
				for (Listener listener : listeners) {
					out.writeUTF(listener.name());
					out.writeUTF(listener.address());
				}
			}

			private static List<Listener> readAll(DataInput in) throws IOException {
				int size = in.readUnsignedShort();
				List<Listener> listeners = new ArrayList<>();
				for (int i = 0; i < size; i++) {
					listeners.add(new Listener(in.readUTF(), in.readUTF()));
				}
				return List.copyOf(listeners);
			}

		}

	}

	/**
	 * The successor could serve now.
	 */
	record Ready() implements Message {

		@Override
		public Type type() {
			return Type.READY;
		}

	}

	/**
	 * The successor cannot become ready and is about to exit.
	 *
	 * @param reason one sentence
	 * @param detail what the successor knows beyond that, possibly many lines
	 */
	record Failed(String reason, String detail) implements Message {

		public Failed {
			reason = Text.shorten(reason);
			detail = Text.shorten(detail);
		}

		@Override
		public Type type() {
			return Type.FAILED;
		}

		@Override
		public void write(DataOutput out) throws IOException {
			out.writeUTF(this.reason);
			out.writeUTF(this.detail);
		}

		private static Message read(DataInput in) throws IOException {
			return new Failed(in.readUTF(), in.readUTF());
		}

	}

	/**
	 * The successor may open its gates.
	 */
	record Proceed() implements Message {

		@Override
		public Type type() {
			return Type.PROCEED;
		}

	}

	/**
	 * The successor has opened its gates.
	 *
	 * @param adopted the listeners of the {@link Welcome} that it accepts connections
	 * from
	 * @param capacity how many connections it can take with one {@link Connections}
	 */
	record Serving(List<Welcome.Listener> adopted, int capacity) implements Message {

		@Override
		public Type type() {
			return Type.SERVING;
		}

		@Override
		public void write(DataOutput out) throws IOException {
			Welcome.Listener.writeAll(this.adopted, out);
			out.writeInt(this.capacity);
		}

		private static Message read(DataInput in) throws IOException {
			return new Serving(Welcome.Listener.readAll(in), in.readInt());
		}

	}

	/**
	 * The predecessor moves connections that are between two requests. Their descriptors
	 * come with this message, in the order of {@code connections}.
	 *
	 * @param batch a number for the answer
	 * @param listener the listener that they were accepted from
	 * @param connections what the descriptors do not tell
	 */
	record Connections(int batch, Welcome.Listener listener, List<Connection> connections) implements Message {

		@Override
		public Type type() {
			return Type.CONNECTIONS;
		}

		@Override
		public void write(DataOutput out) throws IOException {
			out.writeInt(this.batch);
			out.writeUTF(this.listener.name());
			out.writeUTF(this.listener.address());
			out.writeShort(this.connections.size());
			for (Connection connection : this.connections) {
				out.writeLong(connection.idleMillis());
				out.writeInt(connection.keepAliveLeft());
			}
		}

		private static Message read(DataInput in) throws IOException {
			int batch = in.readInt();
			Welcome.Listener listener = new Welcome.Listener(in.readUTF(), in.readUTF());
			int size = in.readUnsignedShort();
			List<Connection> connections = new ArrayList<>();
			for (int i = 0; i < size; i++) {
				connections.add(new Connection(in.readLong(), in.readInt()));
			}
			return new Connections(batch, listener, List.copyOf(connections));
		}

		/**
		 * One connection.
		 *
		 * @param idleMillis for how long nothing has arrived on it, in milliseconds
		 * @param keepAliveLeft how many more requests it may carry, if that is limited
		 */
		public record Connection(long idleMillis, int keepAliveLeft) {

		}

	}

	/**
	 * The successor has taken connections over.
	 *
	 * @param batch the number of the {@link Connections}
	 * @param refused the positions of those that it did not take
	 * @param reason why it takes no more, empty if it does; connections whose client has
	 * reset them on the way are refused without a reason
	 * @param capacity how many connections it can take with the next message
	 */
	record Adopted(int batch, List<Integer> refused, String reason, int capacity) implements Message {

		public Adopted {
			reason = Text.shorten(reason);
		}

		@Override
		public Type type() {
			return Type.ADOPTED;
		}

		@Override
		public void write(DataOutput out) throws IOException {
			out.writeInt(this.batch);
			out.writeShort(this.refused.size());
			for (int position : this.refused) {
				out.writeShort(position);
			}
			out.writeUTF(this.reason);
			out.writeInt(this.capacity);
		}

		private static Message read(DataInput in) throws IOException {
			int batch = in.readInt();
			int size = in.readUnsignedShort();
			List<Integer> refused = new ArrayList<>();
			for (int i = 0; i < size; i++) {
				refused.add(in.readUnsignedShort());
			}
			return new Adopted(batch, List.copyOf(refused), in.readUTF(), in.readInt());
		}

	}

	/**
	 * The predecessor has closed its gates: only the successor accepts now.
	 *
	 * @param probationMillis for how long from now the predecessor stays at least, able
	 * to take back, in milliseconds
	 */
	record Relieved(long probationMillis) implements Message {

		@Override
		public Type type() {
			return Type.RELIEVED;
		}

		@Override
		public void write(DataOutput out) throws IOException {
			out.writeLong(this.probationMillis);
		}

		private static Message read(DataInput in) throws IOException {
			return new Relieved(in.readLong());
		}

	}

	/**
	 * What the predecessor has to say about the restart, before it leaves.
	 *
	 * @param entries the report, as the {@code restart} package writes and reads it
	 */
	record Report(Map<String, String> entries) implements Message {

		public Report {
			entries = Text.shorten(entries);
		}

		@Override
		public Type type() {
			return Type.REPORT;
		}

		@Override
		public void write(DataOutput out) throws IOException {
			out.writeShort(this.entries.size());
			for (Map.Entry<String, String> entry : this.entries.entrySet()) {
				out.writeUTF(entry.getKey());
				out.writeUTF(entry.getValue());
			}
		}

		private static Message read(DataInput in) throws IOException {
			int size = in.readUnsignedShort();
			Map<String, String> entries = new LinkedHashMap<>();
			for (int i = 0; i < size; i++) {
				entries.put(in.readUTF(), in.readUTF());
			}
			return new Report(entries);
		}

	}

	/**
	 * The successor asks the predecessor to serve again.
	 *
	 * @param reason why, for the predecessor's log and report
	 */
	record TakeBack(String reason) implements Message {

		public TakeBack {
			reason = Text.shorten(reason);
		}

		@Override
		public Type type() {
			return Type.TAKE_BACK;
		}

		@Override
		public void write(DataOutput out) throws IOException {
			out.writeUTF(this.reason);
		}

		private static Message read(DataInput in) throws IOException {
			return new TakeBack(in.readUTF());
		}

	}

	/**
	 * The predecessor asks a successor that serves whether it is still there.
	 */
	record Ping() implements Message {

		@Override
		public Type type() {
			return Type.PING;
		}

	}

	/**
	 * The successor is still there.
	 */
	record Pong() implements Message {

		@Override
		public Type type() {
			return Type.PONG;
		}

	}

	/**
	 * The successor is about to end in order, and accepts no longer.
	 *
	 * @param wanted whether the application was asked to shut down, and not just this
	 * process to end
	 */
	record Stopping(boolean wanted) implements Message {

		@Override
		public Type type() {
			return Type.STOPPING;
		}

		@Override
		public void write(DataOutput out) throws IOException {
			out.writeBoolean(this.wanted);
		}

		private static Message read(DataInput in) throws IOException {
			return new Stopping(in.readBoolean());
		}

	}

	/**
	 * The predecessor gives up this restart; the successor must end.
	 *
	 * @param reason why, for the successor's log
	 */
	record Abort(String reason) implements Message {

		public Abort {
			reason = Text.shorten(reason);
		}

		@Override
		public Type type() {
			return Type.ABORT;
		}

		@Override
		public void write(DataOutput out) throws IOException {
			out.writeUTF(this.reason);
		}

		private static Message read(DataInput in) throws IOException {
			return new Abort(in.readUTF());
		}

	}

	/**
	 * The kinds of message and their numbers in a frame.
	 */
	enum Type {

		/**
		 * {@link Hello}.
		 */
		HELLO(0),

		/**
		 * {@link Refused}.
		 */
		REFUSED(1),

		/**
		 * {@link Welcome}.
		 */
		WELCOME(2),

		/**
		 * {@link Ready}.
		 */
		READY(3),

		/**
		 * {@link Failed}.
		 */
		FAILED(4),

		/**
		 * {@link Proceed}.
		 */
		PROCEED(5),

		/**
		 * {@link Serving}.
		 */
		SERVING(6),

		/**
		 * {@link Relieved}.
		 */
		RELIEVED(7),

		/**
		 * {@link Report}.
		 */
		REPORT(8),

		/**
		 * {@link Abort}.
		 */
		ABORT(9),

		/**
		 * {@link Connections}.
		 */
		CONNECTIONS(10),

		/**
		 * {@link Adopted}.
		 */
		ADOPTED(11),

		/**
		 * {@link TakeBack}.
		 */
		TAKE_BACK(12),

		/**
		 * {@link Ping}.
		 */
		PING(13),

		/**
		 * {@link Pong}.
		 */
		PONG(14),

		/**
		 * {@link Stopping}.
		 */
		STOPPING(15);

		private final byte code;

		Type(int code) {
			this.code = (byte) code;
		}

		byte code() {
			return this.code;
		}

		static @Nullable Type of(int code) {
			for (Type type : values()) {
				if (type.code == code) {
					return type;
				}
			}
			return null;
		}

		Message read(DataInput in) throws IOException {
			return switch (this) {
				case HELLO -> Hello.read(in);
				case REFUSED -> Refused.read(in);
				case WELCOME -> Welcome.read(in);
				case READY -> new Ready();
				case FAILED -> Failed.read(in);
				case PROCEED -> new Proceed();
				case SERVING -> Serving.read(in);
				case RELIEVED -> Relieved.read(in);
				case REPORT -> Report.read(in);
				case ABORT -> Abort.read(in);
				case CONNECTIONS -> Connections.read(in);
				case ADOPTED -> Adopted.read(in);
				case TAKE_BACK -> TakeBack.read(in);
				case PING -> new Ping();
				case PONG -> new Pong();
				case STOPPING -> Stopping.read(in);
			};
		}

	}

}
