package io.github.gracefulrestart.supervisor.systemd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Objects;

/**
 * The files in the runtime directory of the unit by which {@code systemctl reload} waits
 * for a restart and learns how it ended: a command for {@code ExecReload=}, and the
 * outcome that it waits for.
 */
final class ReloadFiles {

	/**
	 * The name of the command.
	 */
	static final String COMMAND = "reload";

	/**
	 * The name of the file with the outcome.
	 */
	static final String OUTCOME = "restart";

	private final Path directory;

	private final String signal;

	/**
	 * Create the files' keeper.
	 * @param directory the runtime directory
	 * @param signal the signal that triggers a restart, without {@code SIG}
	 */
	ReloadFiles(Path directory, String signal) {
		this.directory = directory;
		this.signal = signal;
	}

	/**
	 * Write the command.
	 * @throws IOException if that is not possible
	 */
	void writeCommand() throws IOException {
		replace(COMMAND, command(this.signal));
	}

	static String command(String signal) {
		try (InputStream in = Objects.requireNonNull(ReloadFiles.class.getResourceAsStream("reload.sh"))) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("@signal@", signal);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Write how a restart has ended.
	 * @param outcome one word
	 * @param reason one line
	 * @throws IOException if it cannot be written
	 */
	void writeOutcome(String outcome, String reason) throws IOException {
		replace(OUTCOME, Instant.now() + " " + outcome + " " + reason.replaceAll("\\s+", " ").strip() + "\n");
	}

	private void replace(String name, String content) throws IOException {
		Path next = this.directory.resolve("." + name + "." + ProcessHandle.current().pid());
		try {
			Files.writeString(next, content);
			Files.move(next, this.directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(next);
		}
	}

}
