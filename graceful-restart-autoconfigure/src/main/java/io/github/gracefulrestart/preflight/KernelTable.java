package io.github.gracefulrestart.preflight;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A file of the kernel with a name and a number on each line, such as
 * {@code MemAvailable: 20 kB}.
 */
final class KernelTable {

	private static final long KIBI = 1024;

	private final Path file;

	private final Map<String, Long> values = new HashMap<>();

	private KernelTable(Path file) {
		this.file = file;
	}

	static KernelTable read(Path file) throws IOException {
		KernelTable table = new KernelTable(file);
		for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
			String[] fields = line.strip().split("[:\\s]+");
			if (fields.length > 1 && fields[1].matches("\\d{1,18}")) {
				boolean kilo = fields.length > 2 && fields[2].equals("kB");
				table.values.put(fields[0], Long.parseLong(fields[1]) * (kilo ? KIBI : 1));
			}
		}
		return table;
	}

	/**
	 * Return a number, in bytes if the line has a unit.
	 */
	long bytes(String name) throws IOException {
		Long value = this.values.get(name);
		if (value == null) {
			throw new IOException("there is no " + name + " in " + this.file);
		}
		return value;
	}

	long bytes(String name, long otherwise) {
		return this.values.getOrDefault(name, otherwise);
	}

}
