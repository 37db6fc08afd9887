package io.github.gracefulrestart.tomcat;

import java.nio.ByteBuffer;

import org.apache.tomcat.util.net.SocketBufferHandler;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LazySocketBufferHandler}: from outside it is Tomcat's own handler.
 */
class LazySocketBufferHandlerTests {

	private static final int SIZE = 64;

	private final SocketBufferHandler buffers = new LazySocketBufferHandler(SIZE, false);

	@Test
	void isEmptyAtFirst() {
		assertThat(this.buffers.isReadBufferEmpty()).isTrue();
		assertThat(this.buffers.isWriteBufferEmpty()).isTrue();
		assertThat(this.buffers.isWriteBufferWritable()).isTrue();
	}

	@Test
	void hasNothingToReadWhenFirstAsked() {
		this.buffers.configureReadBufferForRead();
		assertThat(this.buffers.getReadBuffer().hasRemaining()).isFalse();
		this.buffers.configureReadBufferForWrite();
		assertThat(this.buffers.getReadBuffer().remaining()).isEqualTo(SIZE);
	}

	@Test
	void keepsWhatWasWritten() {
		this.buffers.configureWriteBufferForWrite();
		this.buffers.getWriteBuffer().put(new byte[] { 1, 2, 3 });
		this.buffers.configureWriteBufferForRead();
		assertThat(this.buffers.getWriteBuffer().remaining()).isEqualTo(3);
		assertThat(this.buffers.isWriteBufferEmpty()).isFalse();
	}

	@Test
	void takesBackWhatWasRead() {
		this.buffers.unReadReadBuffer(ByteBuffer.wrap(new byte[] { 1, 2 }));
		this.buffers.configureReadBufferForRead();
		assertThat(this.buffers.getReadBuffer().remaining()).isEqualTo(2);
	}

}
