package io.github.gracefulrestart.handover;

import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A kind of value in a message, and how it is written. Numbers are big endian, a text is
 * in the format of {@link DataOutput#writeUTF}, and a list or a map begins with its size
 * in two bytes.
 *
 * @param <T> the type of the value here
 */
interface Kind<T> {

	/**
	 * A number of four bytes.
	 */
	Kind<Integer> INT = of("int", (value, out) -> out.writeInt(value), DataInputStream::readInt);

	/**
	 * A number of eight bytes.
	 */
	Kind<Long> LONG = of("long", (value, out) -> out.writeLong(value), DataInputStream::readLong);

	/**
	 * A number of two bytes that is not negative.
	 */
	Kind<Integer> UNSIGNED_SHORT = of("unsigned short", (value, out) -> out.writeShort(value),
			DataInputStream::readUnsignedShort);

	/**
	 * A byte that is 0 or 1.
	 */
	Kind<Boolean> BOOLEAN = of("boolean", (value, out) -> out.writeBoolean(value), DataInputStream::readBoolean);

	/**
	 * A text, shortened if it is too long to be sent.
	 */
	Kind<String> TEXT = of("text", (value, out) -> out.writeUTF(Text.shorten(value)), (in) -> in.readUTF());

	/**
	 * A map of texts, shortened as well.
	 */
	Kind<Map<String, String>> TEXT_MAP = of("map of text to text", Kind::writeMap, Kind::readMap);

	private static <T> Kind<T> of(String name, Writer<T> writer, Reader<T> reader) {
		return new Kind<>() {

			@Override
			public void write(T value, DataOutput out) throws IOException {
				writer.write(value, out);
			}

			@Override
			public T read(DataInputStream in) throws IOException {
				return reader.read(in);
			}

			@Override
			public String toString() {
				return name;
			}

		};
	}

	/**
	 * Return the kind of a list of values of this kind.
	 */
	default Kind<List<T>> list() {
		return of("list of " + this, (values, out) -> {
			writeSize(values.size(), out);
			for (T value : values) {
				write(value, out);
			}
		}, (in) -> {
			List<T> values = new ArrayList<>();
			for (int left = in.readUnsignedShort(); left > 0; left--) {
				values.add(read(in));
			}
			return List.copyOf(values);
		});
	}

	/**
	 * Return a field that every message has.
	 * @param name what the protocol's description calls it
	 * @param value gets it out of the message
	 */
	default <M> Layout.Field<M, T> field(String name, Function<M, T> value) {
		return new Layout.Field<>(name, this, value, null);
	}

	/**
	 * Return an optional field at the end of a message, which later versions of the
	 * protocol have added.
	 * @param name what the protocol's description calls it
	 * @param value gets it out of the message
	 * @param otherwise its value in a message that ends before it
	 */
	default <M> Layout.Field<M, T> optional(String name, Function<M, T> value, T otherwise) {
		return new Layout.Field<>(name, this, value, otherwise);
	}

	/**
	 * Write a value.
	 * @throws IOException if it is too long for its length field
	 */
	void write(T value, DataOutput out) throws IOException;

	/**
	 * Read a value.
	 * @throws IOException if it is cut off or garbled
	 */
	T read(DataInputStream in) throws IOException;

	private static void writeMap(Map<String, String> map, DataOutput out) throws IOException {
		Map<String, String> entries = Text.shorten(map);
		writeSize(entries.size(), out);
		for (Map.Entry<String, String> entry : entries.entrySet()) {
			out.writeUTF(entry.getKey());
			out.writeUTF(entry.getValue());
		}
	}

	private static Map<String, String> readMap(DataInputStream in) throws IOException {
		Map<String, String> entries = new LinkedHashMap<>();
		for (int left = in.readUnsignedShort(); left > 0; left--) {
			entries.put(in.readUTF(), in.readUTF());
		}
		return Collections.unmodifiableMap(entries);
	}

	private static void writeSize(int size, DataOutput out) throws IOException {
		if (size > 0xffff) {
			throw new UTFDataFormatException(size + " values");
		}
		out.writeShort(size);
	}

	/**
	 * Writes a value.
	 */
	@FunctionalInterface
	interface Writer<T> {

		void write(T value, DataOutput out) throws IOException;

	}

	/**
	 * Reads a value.
	 */
	@FunctionalInterface
	interface Reader<T> {

		T read(DataInputStream in) throws IOException;

	}

}
