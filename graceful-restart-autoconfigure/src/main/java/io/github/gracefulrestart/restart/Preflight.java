package io.github.gracefulrestart.restart;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.handover.ControlServer;
import io.github.gracefulrestart.posix.NativeAccess;
import io.github.gracefulrestart.process.LaunchException;
import io.github.gracefulrestart.process.SuccessorLauncher;

/**
 * What is looked at before anything is launched.
 */
final class Preflight {

	private final ListenerHosts hosts;

	private final SuccessorLauncher launcher;

	private final Path controlDirectory;

	Preflight(ListenerHosts hosts, SuccessorLauncher launcher, Path controlDirectory) {
		this.hosts = hosts;
		this.launcher = launcher;
		this.controlDirectory = controlDirectory;
	}

	/**
	 * Check.
	 * @throws RestartRefusedException if a restart would fail, with the reason
	 */
	void check() {
		NativeAccess nativeAccess = NativeAccess.probe();
		if (!nativeAccess.available()) {
			throw RestartRefusedException.unavailable("native calls do not work here: " + nativeAccess.reason());
		}
		List<String> obstacles = this.hosts.obstacles();
		if (!obstacles.isEmpty()) {
			throw RestartRefusedException.impossible(String.join("; ", obstacles));
		}
		if (this.hosts.open().isEmpty()) {
			throw RestartRefusedException.impossible("this application has no web server that could be handed over");
		}
		if (!Files.isDirectory(this.controlDirectory) || !Files.isWritable(this.controlDirectory)) {
			throw RestartRefusedException.impossible("the directory for the control socket, " + this.controlDirectory
					+ ", is not a writable directory; see graceful.restart.control-directory");
		}
		if (!ControlServer.fits(this.controlDirectory)) {
			throw RestartRefusedException.impossible("the path of the control directory, " + this.controlDirectory
					+ ", is too long for a socket in it; name a shorter one with graceful.restart.control-directory");
		}
		try {
			this.launcher.check();
		}
		catch (LaunchException ex) {
			throw RestartRefusedException.impossible(String.valueOf(ex.getMessage()));
		}
	}

}
