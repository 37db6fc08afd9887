package io.github.gracefulrestart.state;

import io.github.gracefulrestart.RestartParticipant;

/**
 * A participant of this library. What it does is of interest only when it fails.
 */
public interface InternalParticipant extends RestartParticipant {

}
