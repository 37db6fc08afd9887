package io.github.gracefulrestart.handover;

import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a record in their order on the wire: the one description from which it is
 * written, read and documented. Bytes after the last field come from a newer version and
 * are ignored.
 *
 * @param <M> the record
 */
final class Layout<M> implements Kind<M> {

	private final Class<M> type;

	private final List<Field<M, ?>> fields;

	private final Reader<M> reader;

	private Layout(Class<M> type, List<Field<M, ?>> fields, Reader<M> reader) {
		this.type = type;
		this.fields = fields;
		this.reader = reader;
	}

	static <M> Layout<M> of(Class<M> type, Supplier<M> record) {
		return new Layout<>(type, List.of(), (in) -> record.get());
	}

	static <M, A> Layout<M> of(Class<M> type, Field<M, A> first, Function<A, M> record) {
		return new Layout<>(type, List.of(first), (in) -> record.apply(first.read(in)));
	}

	static <M, A, B> Layout<M> of(Class<M> type, Field<M, A> first, Field<M, B> second, BiFunction<A, B, M> record) {
		return new Layout<>(type, List.of(first, second), (in) -> record.apply(first.read(in), second.read(in)));
	}

	static <M, A, B, C> Layout<M> of(Class<M> type, Field<M, A> first, Field<M, B> second, Field<M, C> third,
			Three<A, B, C, M> record) {
		return new Layout<>(type, List.of(first, second, third),
				(in) -> record.apply(first.read(in), second.read(in), third.read(in)));
	}

	static <M, A, B, C, D> Layout<M> of(Class<M> type, Field<M, A> first, Field<M, B> second, Field<M, C> third,
			Field<M, D> fourth, Four<A, B, C, D, M> record) {
		return new Layout<>(type, List.of(first, second, third, fourth),
				(in) -> record.apply(first.read(in), second.read(in), third.read(in), fourth.read(in)));
	}

	Class<M> type() {
		return this.type;
	}

	@Override
	public void write(M record, DataOutput out) throws IOException {
		for (Field<M, ?> field : this.fields) {
			field.write(record, out);
		}
	}

	/**
	 * Write a record that is known to be of this layout's type.
	 */
	void writeObject(Object record, DataOutput out) throws IOException {
		write(this.type.cast(record), out);
	}

	@Override
	public M read(DataInputStream in) throws IOException {
		return this.reader.read(in);
	}

	/**
	 * Return the fields as the protocol's description names them.
	 */
	String fields() {
		return this.fields.stream().map(Field::toString).collect(Collectors.joining(", "));
	}

	@Override
	public String toString() {
		return "(" + fields() + ")";
	}

	/**
	 * One field.
	 *
	 * @param name what the protocol's description calls it
	 * @param kind how it is written
	 * @param value gets it out of the record
	 * @param otherwise its value in a message that ends before it, or {@code null} if it
	 * is required
	 */
	record Field<M, T>(String name, Kind<T> kind, Function<M, T> value, @Nullable T otherwise) {

		private void write(M record, DataOutput out) throws IOException {
			this.kind.write(this.value.apply(record), out);
		}

		private T read(DataInputStream in) throws IOException {
			return (this.otherwise != null && in.available() == 0) ? this.otherwise : this.kind.read(in);
		}

		@Override
		public String toString() {
			return this.name + ": " + this.kind + ((this.otherwise != null) ? " (optional)" : "");
		}

	}

	/**
	 * Makes a record of three fields.
	 */
	@FunctionalInterface
	interface Three<A, B, C, M> {

		M apply(A first, B second, C third);

	}

	/**
	 * Makes a record of four fields.
	 */
	@FunctionalInterface
	interface Four<A, B, C, D, M> {

		M apply(A first, B second, C third, D fourth);

	}

}
