package io.github.gracefulrestart.posix;

import java.util.List;

/**
 * The descriptors that are passed to a {@link SpawnedProcess}, in addition to standard
 * input and its output.
 *
 * @param inherited descriptors that keep their numbers
 * @param sockets descriptors that it finds with
 * {@link ChildDescriptors#passedListeners(int)}
 * @param ticket what {@link ChildDescriptors#takeTicket()} gives to one process there
 */
public record PassedDescriptors(List<Integer> inherited, List<Integer> sockets, String ticket) {

}
