package io.github.gracefulrestart.preflight;

import java.nio.file.Path;

/**
 * The limits of the preflight.
 *
 * @param controlDirectory where the directory of the control socket is made
 * @param memory what happens when there may be too little memory
 * @param foreignListeners what happens when this process listens on a socket that is not
 * handed over
 */
public record PreflightSettings(Path controlDirectory, MemoryRule memory, ForeignListenersRule foreignListeners) {

}
