package io.github.gracefulrestart.predecessor;

import java.io.EOFException;
import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.ControlServer;
import io.github.gracefulrestart.handover.Dialect;
import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.process.PretendedSuccessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(60)
class SuccessorEventsTests {

	@TempDir
	private Path directory;

	@Test
	void whenASuccessorIsLetInAfterTheEndThenItsConnectionIsClosed() throws Exception {
		PretendedSuccessor process = new PretendedSuccessor();
		SuccessorEvents events = new SuccessorEvents();
		try (ControlServer server = ControlServer.open(this.directory)) {
			events.follow(process.asLaunched(), server);
			events.close();
			try (ControlConnection late = ControlConnection.connect(server.socket(), Dialect.OWN)) {
				late.send(new Hello(server.token(), List.of()));
				assertThatExceptionOfType(EOFException.class).isThrownBy(late::receive);
			}
			assertThat(events.connection()).isNull();
		}
		process.exit(0);
	}

}
