package io.github.gracefulrestart.handover;

import java.util.List;

import io.github.gracefulrestart.posix.Descriptor;

/**
 * A message and the descriptors that came with it, which now belong to the receiver.
 *
 * @param version the version of the protocol that the sender speaks
 * @param message the message
 * @param descriptors the descriptors, in the order in which they were sent
 */
public record ReceivedMessage(int version, Message message, List<Descriptor> descriptors) {

	/**
	 * Close the descriptors because they are not needed.
	 */
	public void discard() {
		this.descriptors.forEach(Descriptor::close);
	}

}
