package io.github.gracefulrestart.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Standard output or error of this JVM, to pass on the output of other processes. Write
 * errors, such as a full disk or a closed terminal, are not reported: the thread that
 * passes output on must continue to read, or the writers would block for ever.
 */
public final class StandardOutput extends OutputStream {

	/**
	 * How long to wait for the reader, if another process has made the stream
	 * non-blocking.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private final WritableByteChannel channel;

	private final long patienceNanos;

	private boolean stuck;

	StandardOutput(WritableByteChannel channel, Duration patience) {
		this.channel = channel;
		this.patienceNanos = patience.toNanos();
	}

	/**
	 * Return standard output, whatever {@link System#out} has been set to.
	 * @return the stream, which is never closed
	 */
	public static StandardOutput out() {
		return new StandardOutput(new FileOutputStream(FileDescriptor.out).getChannel(), PATIENCE);
	}

	/**
	 * Return standard error, whatever {@link System#err} has been set to.
	 * @return the stream, which is never closed
	 */
	public static StandardOutput err() {
		return new StandardOutput(new FileOutputStream(FileDescriptor.err).getChannel(), PATIENCE);
	}

	@Override
	public void write(int value) {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) {
		ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
		long progress = System.nanoTime();
		try {
			while (rest.hasRemaining()) {
				// A channel is closed when an interrupted thread uses it
				Thread.interrupted();
				if (this.channel.write(rest) > 0) {
					this.stuck = false;
					progress = System.nanoTime();
				}
				else if (this.stuck || System.nanoTime() - progress > this.patienceNanos) {
					// Waited for once, and again only after something could be written
					this.stuck = true;
					return;
				}
				else {
					LockSupport.parkNanos(PAUSE_NANOS);
				}
			}
		}
		catch (IOException ex) {
			// This output is lost, but later output may find room
		}
	}

}
