package io.github.gracefulrestart.handover;

import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.ListenerKey;
import org.jspecify.annotations.Nullable;

/**
 * What predecessor and successor say to each other, in the order of a restart that goes
 * well: {@link Hello}, {@link Welcome}, {@link Ready}, {@link Proceed}, {@link Serving},
 * {@link Relieved}, any number of {@link Connections} and {@link Adopted},
 * {@link Report}, {@link Left}. {@link Ping} and {@link Pong} go back and forth from
 * {@link Serving} on. {@link Refused}, {@link Failed}, {@link TakeBack}, {@link Stopping}
 * and {@link Abort} end a restart early.
 * <p>
 * Each record has one description of its fields, its layout. Fields are added at the end
 * only, and as optional ones, because an older version ignores fields that it does not
 * know.
 */
public sealed interface Message {

	/**
	 * Return what kind of message this is.
	 * @return the type
	 */
	default Type type() {
		return Type.of(this);
	}

	/**
	 * The successor identifies itself. This message and {@link Refused} keep these fields
	 * in every version of the protocol.
	 *
	 * @param token the one-time token that the predecessor gave to the process it
	 * launched
	 * @param features the features of the successor
	 */
	record Hello(String token, List<String> features) implements Message {

		static final Layout<Hello> LAYOUT = Layout.of(Hello.class, Kind.TEXT.field("token", Hello::token),
				Kind.TEXT.list().optional("features", Hello::features, List.of()), Hello::new);

		@Override
		public String toString() {
			return "Hello[token=***, features=" + this.features + "]";
		}

	}

	/**
	 * The predecessor rejects this peer.
	 *
	 * @param reason why, for the peer's log
	 */
	record Refused(String reason) implements Message {

		static final Layout<Refused> LAYOUT = Layout.of(Refused.class, Kind.TEXT.field("reason", Refused::reason),
				Refused::new);

	}

	/**
	 * The predecessor hands over. With this message come the descriptors of the
	 * listeners, in the order of {@code listeners}.
	 *
	 * @param generation the successor's generation
	 * @param listeners the keys of the listening descriptors
	 * @param features the features of the successor that the predecessor has too
	 */
	record Welcome(int generation, List<ListenerKey> listeners, List<String> features) implements Message {

		static final Layout<Welcome> LAYOUT = Layout.of(Welcome.class,
				Kind.INT.field("generation", Welcome::generation),
				Layouts.LISTENER.list().field("listeners", Welcome::listeners),
				Kind.TEXT.list().optional("features", Welcome::features, List.of()), Welcome::new);

	}

	/**
	 * The successor is ready to serve.
	 */
	record Ready() implements Message {

		static final Layout<Ready> LAYOUT = Layout.of(Ready.class, Ready::new);

	}

	/**
	 * The successor cannot become ready and is about to exit.
	 *
	 * @param reason one sentence
	 * @param detail further details, possibly many lines
	 */
	record Failed(String reason, String detail) implements Message {

		static final Layout<Failed> LAYOUT = Layout.of(Failed.class, Kind.TEXT.field("reason", Failed::reason),
				Kind.TEXT.field("detail", Failed::detail), Failed::new);

	}

	/**
	 * The successor may open its gates.
	 */
	record Proceed() implements Message {

		static final Layout<Proceed> LAYOUT = Layout.of(Proceed.class, Proceed::new);

	}

	/**
	 * The successor has opened its gates.
	 *
	 * @param adopted the listeners of the {@link Welcome} that it accepts connections
	 * from
	 * @param capacity how many connections it can take with one {@link Connections}
	 */
	record Serving(List<ListenerKey> adopted, int capacity) implements Message {

		static final Layout<Serving> LAYOUT = Layout.of(Serving.class,
				Layouts.LISTENER.list().field("adopted", Serving::adopted),
				Kind.INT.field("capacity", Serving::capacity), Serving::new);

	}

	/**
	 * The predecessor moves connections that are between two requests. Their descriptors
	 * come with this message, in the order of {@code connections}.
	 *
	 * @param batch a number for the answer
	 * @param listener the listener that they were accepted from
	 * @param connections the state of each connection
	 */
	record Connections(int batch, ListenerKey listener, List<ConnectionState> connections) implements Message {

		static final Layout<Connections> LAYOUT = Layout.of(Connections.class,
				Kind.INT.field("batch", Connections::batch), Layouts.LISTENER.field("listener", Connections::listener),
				Layouts.CONNECTION.list().field("connections", Connections::connections), Connections::new);

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

		static final Layout<Adopted> LAYOUT = Layout.of(Adopted.class, Kind.INT.field("batch", Adopted::batch),
				Kind.UNSIGNED_SHORT.list().field("refused", Adopted::refused),
				Kind.TEXT.field("reason", Adopted::reason), Kind.INT.field("capacity", Adopted::capacity),
				Adopted::new);

	}

	/**
	 * The predecessor has closed its gates: only the successor accepts now.
	 *
	 * @param probationMillis the minimum time, from now and in milliseconds, for which
	 * the predecessor stays and can roll back
	 */
	record Relieved(long probationMillis) implements Message {

		static final Layout<Relieved> LAYOUT = Layout.of(Relieved.class,
				Kind.LONG.field("probation milliseconds", Relieved::probationMillis), Relieved::new);

	}

	/**
	 * The predecessor's report about the restart, before it exits.
	 *
	 * @param entries the report, see {@link ReportEntries}
	 */
	record Report(Map<String, String> entries) implements Message {

		static final Layout<Report> LAYOUT = Layout.of(Report.class, Kind.TEXT_MAP.field("entries", Report::entries),
				Report::new);

	}

	/**
	 * The successor asks the predecessor to serve again.
	 *
	 * @param reason why, for the predecessor's log and report
	 */
	record TakeBack(String reason) implements Message {

		static final Layout<TakeBack> LAYOUT = Layout.of(TakeBack.class, Kind.TEXT.field("reason", TakeBack::reason),
				TakeBack::new);

	}

	/**
	 * The predecessor checks whether a successor that serves still responds.
	 */
	record Ping() implements Message {

		static final Layout<Ping> LAYOUT = Layout.of(Ping.class, Ping::new);

	}

	/**
	 * The successor responds.
	 */
	record Pong() implements Message {

		static final Layout<Pong> LAYOUT = Layout.of(Pong.class, Pong::new);

	}

	/**
	 * The successor is shutting down, and does not accept any longer.
	 *
	 * @param wanted whether the application was asked to shut down, and not only this
	 * process to exit
	 */
	record Stopping(boolean wanted) implements Message {

		static final Layout<Stopping> LAYOUT = Layout.of(Stopping.class, Kind.BOOLEAN.field("wanted", Stopping::wanted),
				Stopping::new);

	}

	/**
	 * The predecessor gives up this restart; the successor must end.
	 *
	 * @param reason why, for the successor's log
	 */
	record Abort(String reason) implements Message {

		static final Layout<Abort> LAYOUT = Layout.of(Abort.class, Kind.TEXT.field("reason", Abort::reason),
				Abort::new);

	}

	/**
	 * The predecessor's application has ended, after {@link Report}. As soon as the
	 * connection ends too, the predecessor is gone, even if its process lives on as
	 * another program.
	 */
	record Left() implements Message {

		static final Layout<Left> LAYOUT = Layout.of(Left.class, Left::new);

	}

	/**
	 * The kinds of message and their numbers in a frame. A receiver skips a message with
	 * an unknown number if the number has the bit {@link #SKIPPABLE}.
	 */
	enum Type {

		/**
		 * {@link Hello}.
		 */
		HELLO(0, Hello.LAYOUT),

		/**
		 * {@link Refused}.
		 */
		REFUSED(1, Refused.LAYOUT),

		/**
		 * {@link Welcome}.
		 */
		WELCOME(2, Welcome.LAYOUT),

		/**
		 * {@link Ready}.
		 */
		READY(3, Ready.LAYOUT),

		/**
		 * {@link Failed}.
		 */
		FAILED(4, Failed.LAYOUT),

		/**
		 * {@link Proceed}.
		 */
		PROCEED(5, Proceed.LAYOUT),

		/**
		 * {@link Serving}.
		 */
		SERVING(6, Serving.LAYOUT),

		/**
		 * {@link Relieved}.
		 */
		RELIEVED(7, Relieved.LAYOUT),

		/**
		 * {@link Report}.
		 */
		REPORT(8, Report.LAYOUT),

		/**
		 * {@link Abort}.
		 */
		ABORT(9, Abort.LAYOUT),

		/**
		 * {@link Connections}.
		 */
		CONNECTIONS(10, Connections.LAYOUT),

		/**
		 * {@link Adopted}.
		 */
		ADOPTED(11, Adopted.LAYOUT),

		/**
		 * {@link TakeBack}.
		 */
		TAKE_BACK(12, TakeBack.LAYOUT),

		/**
		 * {@link Ping}.
		 */
		PING(13, Ping.LAYOUT),

		/**
		 * {@link Pong}.
		 */
		PONG(14, Pong.LAYOUT),

		/**
		 * {@link Stopping}.
		 */
		STOPPING(15, Stopping.LAYOUT),

		/**
		 * {@link Left}.
		 */
		LEFT(16, Left.LAYOUT);

		/**
		 * The bit of a message that may be skipped.
		 */
		static final int SKIPPABLE = 0x80;

		private final byte code;

		// All implementations are immutable, but the type cannot express it
		@SuppressWarnings("ImmutableEnumChecker")
		private final Layout<? extends Message> layout;

		Type(int code, Layout<? extends Message> layout) {
			this.code = (byte) code;
			this.layout = layout;
		}

		byte code() {
			return this.code;
		}

		Layout<? extends Message> layout() {
			return this.layout;
		}

		static @Nullable Type of(int code) {
			for (Type type : values()) {
				if (Byte.toUnsignedInt(type.code) == code) {
					return type;
				}
			}
			return null;
		}

		private static Type of(Message message) {
			for (Type type : values()) {
				if (type.layout.type() == message.getClass()) {
					return type;
				}
			}
			throw new IllegalStateException("no type for " + message.getClass());
		}

	}

}
