package io.github.gracefulrestart.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.testsupport.Http2Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The body of a request, which arrives slowly for as long as a restart takes: Tomcat ends
 * a stream on which nothing arrives for 20 seconds.
 */
public final class Http2Upload {

	private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

	private final Http2Stream stream;

	private int length;

	private Http2Upload(Http2Stream stream) {
		this.stream = stream;
	}

	/**
	 * Begin to send.
	 * @param stream the stream, which is open
	 * @return the upload
	 * @throws IOException if the stream has ended
	 */
	public static Http2Upload begin(Http2Stream stream) throws IOException {
		Http2Upload upload = new Http2Upload(stream);
		upload.send(false);
		var unused = upload.clock.scheduleAtFixedRate(() -> {
			try {
				upload.send(false);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}, 1, 1, TimeUnit.SECONDS);
		return upload;
	}

	private synchronized void send(boolean last) throws IOException {
		byte[] piece = new byte[100];
		this.stream.send(piece, last);
		this.length += piece.length;
	}

	/**
	 * Send the last piece.
	 * @return how many bytes were sent altogether
	 * @throws IOException if the stream has ended
	 */
	public int complete() throws IOException, InterruptedException {
		this.clock.shutdown();
		assertThat(this.clock.awaitTermination(SampleService.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		send(true);
		return this.length;
	}

}
