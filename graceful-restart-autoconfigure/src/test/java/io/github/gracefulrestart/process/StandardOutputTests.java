package io.github.gracefulrestart.process;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import jnr.constants.platform.Fcntl;
import jnr.constants.platform.OpenFlags;
import jnr.posix.POSIXFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real pipe that was made non-blocking, as a program does that shares it, and a real
 * device that is full.
 */
@Timeout(60)
class StandardOutputTests {

	private static final Duration PATIENCE = Duration.ofMillis(300);

	private final byte[] content = new byte[500_000];

	@TempDir
	Path directory;

	@Test
	void whenReaderIsSlowThenNothingIsLostOrSaidTwice() throws Exception {
		new Random(1).nextBytes(this.content);
		try (RandomAccessFile pipe = nonBlockingPipe(); FileChannel channel = pipe.getChannel()) {
			CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> readSlowly(this.content.length));
			new StandardOutput(channel, Duration.ofSeconds(30)).write(this.content, 0, this.content.length);
			assertThat(read.get()).isEqualTo(this.content);
		}
	}

	@Test
	void whenNobodyReadsThenWaitsOnceAndGoesOnWhenSomebodyDoes() throws Exception {
		try (RandomAccessFile pipe = nonBlockingPipe(); FileChannel channel = pipe.getChannel()) {
			StandardOutput output = new StandardOutput(channel, PATIENCE);
			output.write(this.content, 0, this.content.length);
			long start = System.nanoTime();
			for (int i = 0; i < 100; i++) {
				output.write(this.content, 0, this.content.length);
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE.multipliedBy(10));
			CompletableFuture<byte[]> rest = CompletableFuture.supplyAsync(() -> readSlowly(60_000));
			assertThat(rest.get()).hasSize(60_000);
			output.write("again".getBytes(StandardCharsets.US_ASCII), 0, 5);
			assertThat(new String(readSlowly(65_536 - 60_000 + 5), StandardCharsets.ISO_8859_1)).endsWith("again");
		}
	}

	@Test
	void whenThereIsNoRoomThenNobodyIsTold() throws Exception {
		try (RandomAccessFile full = new RandomAccessFile("/dev/full", "rw"); FileChannel channel = full.getChannel()) {
			new StandardOutput(channel, PATIENCE).write(this.content, 0, this.content.length);
			assertThat(channel.isOpen()).isTrue();
		}
	}

	@Test
	void whenInterruptedThenTheStreamStaysOpen() throws Exception {
		Path file = this.directory.resolve("file");
		try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw"); FileChannel channel = out.getChannel()) {
			Thread.currentThread().interrupt();
			new StandardOutput(channel, PATIENCE).write('a');
			assertThat(channel.isOpen()).isTrue();
			assertThat(file).hasContent("a");
		}
	}

	private RandomAccessFile nonBlockingPipe() throws Exception {
		Path fifo = fifo();
		assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
		// For reading too, or this would wait for a reader
		RandomAccessFile pipe = new RandomAccessFile(fifo.toFile(), "rw");
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			int number = Integer.parseInt(descriptors.filter((link) -> refersTo(link, fifo))
				.findFirst()
				.orElseThrow()
				.getFileName()
				.toString());
			int flags = OpenFlags.O_RDWR.intValue() | OpenFlags.O_NONBLOCK.intValue();
			assertThat(POSIXFactory.getNativePOSIX().fcntlInt(number, Fcntl.F_SETFL, flags)).isZero();
		}
		return pipe;
	}

	private Path fifo() {
		return this.directory.resolve("fifo");
	}

	private static boolean refersTo(Path link, Path target) {
		try {
			return Files.readSymbolicLink(link).equals(target.toRealPath());
		}
		catch (Exception ex) {
			return false;
		}
	}

	private byte[] readSlowly(int length) {
		ByteArrayOutputStream read = new ByteArrayOutputStream();
		try (InputStream in = Files.newInputStream(fifo())) {
			while (read.size() < length) {
				read.write(in.readNBytes(Math.min(1000, length - read.size())));
			}
			return read.toByteArray();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
