package io.github.gracefulrestart.tomcat;

import java.nio.ByteBuffer;

import org.apache.tomcat.util.net.SocketBufferHandler;

/**
 * The buffers of a connection that may stay idle for long, created when they are first
 * needed. Otherwise, ten thousand connections that arrive at once would make the garbage
 * collector copy 160 MiB of unused memory.
 */
final class LazySocketBufferHandler extends SocketBufferHandler {

	private final int size;

	private boolean allocated;

	/**
	 * Create a handler.
	 * @param size the size of each buffer, in bytes
	 * @param direct whether they are outside of the heap
	 */
	LazySocketBufferHandler(int size, boolean direct) {
		super(0, 0, direct);
		this.size = size;
	}

	/**
	 * Called with the connection's lock held: its next request is read before anything is
	 * written.
	 */
	private void allocate() {
		if (!this.allocated) {
			this.allocated = true;
			expand(this.size);
		}
	}

	@Override
	public void configureReadBufferForWrite() {
		allocate();
		super.configureReadBufferForWrite();
	}

	@Override
	public void configureReadBufferForRead() {
		allocate();
		super.configureReadBufferForRead();
	}

	@Override
	public ByteBuffer getReadBuffer() {
		allocate();
		return super.getReadBuffer();
	}

	@Override
	public void unReadReadBuffer(ByteBuffer returnedData) {
		allocate();
		super.unReadReadBuffer(returnedData);
	}

	@Override
	public void configureWriteBufferForWrite() {
		allocate();
		super.configureWriteBufferForWrite();
	}

	@Override
	public void configureWriteBufferForRead() {
		allocate();
		super.configureWriteBufferForRead();
	}

	@Override
	public boolean isWriteBufferWritable() {
		allocate();
		return super.isWriteBufferWritable();
	}

	@Override
	public ByteBuffer getWriteBuffer() {
		allocate();
		return super.getWriteBuffer();
	}

}
