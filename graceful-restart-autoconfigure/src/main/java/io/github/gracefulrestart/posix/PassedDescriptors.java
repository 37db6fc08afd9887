package io.github.gracefulrestart.posix;

import java.util.List;

/**
 * What a {@link SpawnedProcess} is passed beside standard input and its output.
 *
 * @param inherited descriptors that it gets with the numbers that they have here
 * @param sockets descriptors that it finds with
 * {@link ChildDescriptors#passedListeners(int)}
 * @param ticket what {@link ChildDescriptors#takeTicket()} gives to one process there
 */
public record PassedDescriptors(List<Integer> inherited, List<Integer> sockets, String ticket) {

}
