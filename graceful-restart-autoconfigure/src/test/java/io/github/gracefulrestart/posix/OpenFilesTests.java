package io.github.gracefulrestart.posix;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The reader of a file continues with its copy and does not notice.
 */
class OpenFilesTests {

	private static final Set<String> MODERN = Set.of("ext4", "xfs", "btrfs", "tmpfs");

	@TempDir
	Path directory;

	private Path file;

	private Object key;

	@BeforeEach
	void create() throws Exception {
		this.file = Files.writeString(this.directory.resolve("file"), "0123456789");
		this.key = Files.readAttributes(this.file, BasicFileAttributes.class).fileKey();
	}

	@Test
	void whenFileIsOverwrittenThenReadersReadTheCopy() throws Exception {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.READ);
				RandomAccessFile seeking = new RandomAccessFile(this.file.toFile(), "r")) {
			seeking.seek(4);
			assertThat(seeking.read()).isEqualTo('4');
			assertThat(read(channel, 3)).isEqualTo("345");
			List<Integer> readers = OpenFiles.readers().get(this.key);
			assertThat(readers).hasSize(2);
			assertThat(readers.stream().filter(OpenFiles::isPositioned)).hasSize(1);
			try (Descriptor copy = OpenFiles.copyWithoutName(this.file, this.directory)) {
				for (int reader : readers) {
					assertThat(OpenFiles.replace(reader, this.key, copy)).isTrue();
				}
			}
			Files.writeString(this.file, "overwritten");
			assertThat(read(channel, 3)).isEqualTo("345");
			assertThat(seeking.getFilePointer()).isEqualTo(5);
			// Each has a position of its own
			seeking.seek(7);
			assertThat(seeking.read()).isEqualTo('7');
			assertThat(read(channel, 0)).isEqualTo("012");
			assertThat(seeking.read()).isEqualTo('8');
			assertThat(OpenFiles.readers()).doesNotContainKey(this.key);
		}
	}

	@Test
	void copyHasNoNameAndIsComplete() throws Exception {
		byte[] content = new byte[5_000_000];
		new Random(1).nextBytes(content);
		Files.write(this.file, content);
		try (WatchService watch = this.directory.getFileSystem().newWatchService()) {
			this.directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
			OpenFiles.copyWithoutName(this.file, this.directory).close();
			Path last = Files.createFile(this.directory.resolve("last"));
			// Not even for a moment, where the file system can do that
			Assumptions.assumeTrue(MODERN.contains(Files.getFileStore(this.directory).type()));
			assertThat(watch.take().pollEvents()).extracting((event) -> (Object) event.context())
				.containsExactly(last.getFileName());
			Files.delete(last);
		}
		try (Descriptor copy = OpenFiles.copyWithoutName(this.file, this.directory)) {
			try (Stream<Path> files = Files.list(this.directory)) {
				assertThat(files).containsExactly(this.file);
			}
			assertThat(Files.readAllBytes(Path.of("/proc/self/fd/" + copy.number()))).isEqualTo(content);
		}
	}

	@Test
	void whenNumberRefersToAnotherFileThenItIsLeftAlone() throws Exception {
		Path other = Files.writeString(this.directory.resolve("other"), "abcdef");
		try (FileChannel channel = FileChannel.open(other, StandardOpenOption.READ);
				Descriptor copy = OpenFiles.copyWithoutName(this.file, this.directory)) {
			Object otherKey = Files.readAttributes(other, BasicFileAttributes.class).fileKey();
			int number = OpenFiles.readers().get(otherKey).get(0);
			assertThat(OpenFiles.replace(number, this.key, copy)).isFalse();
			assertThat(read(channel, 3)).isEqualTo("def");
		}
	}

	@Test
	void whoeverWritesIsNoReader() throws Exception {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			assertThat(channel.isOpen()).isTrue();
			assertThat(OpenFiles.readers()).doesNotContainKey(this.key);
		}
	}

	private static String read(FileChannel channel, long position) throws Exception {
		ByteBuffer buffer = ByteBuffer.allocate(3);
		channel.read(buffer, position);
		return new String(buffer.array(), StandardCharsets.US_ASCII);
	}

}
