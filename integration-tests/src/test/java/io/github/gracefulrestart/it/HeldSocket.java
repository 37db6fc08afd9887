package io.github.gracefulrestart.it;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/**
 * A connection that keeps back what is written to it from some byte on, until it is let
 * go: a client that takes its time.
 */
final class HeldSocket extends Socket {

	/**
	 * Lets the first write pass as a whole, however long it is.
	 */
	static final int FIRST_WRITE = -1;

	private final CountDownLatch held = new CountDownLatch(1);

	private final CountDownLatch released = new CountDownLatch(1);

	private int passing;

	/**
	 * Connect.
	 * @param port a port of the loopback address
	 * @param passing how many bytes pass at once, or {@link #FIRST_WRITE}
	 */
	HeldSocket(int port, int passing) throws IOException {
		super(InetAddress.getLoopbackAddress(), port);
		this.passing = passing;
	}

	void awaitHeld() throws InterruptedException {
		this.held.await();
	}

	void release() {
		this.released.countDown();
	}

	@Override
	public OutputStream getOutputStream() throws IOException {
		return new FilterOutputStream(super.getOutputStream()) {

			@Override
			public void write(byte[] bytes, int offset, int length) throws IOException {
				boolean whole = HeldSocket.this.passing == FIRST_WRITE;
				int now = whole ? length : Math.min(length, HeldSocket.this.passing);
				HeldSocket.this.passing = whole ? 0 : HeldSocket.this.passing - now;
				this.out.write(bytes, offset, now);
				if (now < length) {
					hold();
					HeldSocket.this.passing = Integer.MAX_VALUE;
					this.out.write(bytes, offset + now, length - now);
				}
			}

		};
	}

	private void hold() throws IOException {
		this.held.countDown();
		try {
			this.released.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted", ex);
		}
	}

}
