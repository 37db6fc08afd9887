package io.github.gracefulrestart.state;

import io.github.gracefulrestart.RestartParticipant;

/**
 * A participant of this library. Its calls are logged only if they fail.
 */
public interface InternalParticipant extends RestartParticipant {

}
