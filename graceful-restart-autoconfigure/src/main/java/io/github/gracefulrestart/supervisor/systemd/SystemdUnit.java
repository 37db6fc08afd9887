package io.github.gracefulrestart.supervisor.systemd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A unit file with which systemd runs a service that restarts in place.
 *
 * @param name the name of the service
 * @param user the user that runs it
 * @param directory the working directory
 * @param command the program, as an absolute path, and its arguments, with a character
 * for each byte
 * @param timeToStop how long the service may take to stop
 */
record SystemdUnit(String name, String user, Path directory, List<String> command, Duration timeToStop) {

	/** Characters that systemd takes unchanged. */
	private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@+=:,./-]+");

	private static final String TEMPLATE = """
			[Unit]
			Description=@name@
			Wants=network-online.target
			After=network-online.target

			[Service]
			Type=notify
			User=@user@
			WorkingDirectory=@directory@
			ExecStart=@command@
			# Restarts in place, and waits until the new process serves alone
			ExecReload=/bin/sh %t/@name@/reload
			RuntimeDirectory=@name@
			# Says which process is the service when the main process has exited
			PIDFile=%t/@name@/main.pid
			KillMode=mixed
			TimeoutStopSec=@seconds@
			SuccessExitStatus=143
			Restart=on-failure
			# If the kernel kills a process for its memory, the other one goes on
			OOMPolicy=continue
			# Keeps the listening sockets while no process runs
			FileDescriptorStoreMax=8
			Environment=GRACEFUL_RESTART_DESCRIPTORSTORE=always

			[Install]
			WantedBy=multi-user.target
			""";

	/**
	 * Return the content of the file.
	 * @return the text, with a character for each byte
	 */
	String text() {
		return TEMPLATE.replace("@name@", this.name)
			.replace("@user@", this.user)
			.replace("@directory@", specifiers(this.directory.toString()))
			.replace("@seconds@", String.valueOf(this.timeToStop.toSeconds()))
			.replace("@command@", this.command.stream().map(SystemdUnit::quoted).collect(Collectors.joining(" ")));
	}

	private static String quoted(String argument) {
		String text = specifiers(argument).replace("$", "$$");
		if (PLAIN.matcher(argument).matches()) {
			return text;
		}
		return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t") + "\"";
	}

	private static String specifiers(String text) {
		return text.replace("%", "%%");
	}

}
