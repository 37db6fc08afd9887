package io.github.gracefulrestart.testsupport.client;

import java.io.IOException;
import java.net.URI;

/**
 * A client that keeps its connections and repeats no request. Used by many threads.
 */
public interface PooledClient extends AutoCloseable {

	/**
	 * Make a POST request.
	 * @param uri the address
	 * @param body the body
	 * @return the status and the body of the answer
	 * @throws IOException if there is no complete answer
	 * @throws InterruptedException if the thread was interrupted
	 */
	Answer post(URI uri, byte[] body) throws IOException, InterruptedException;

	@Override
	void close();

	/**
	 * An answer.
	 *
	 * @param status the status
	 * @param body the body
	 */
	record Answer(int status, String body) {

	}

}
