package io.github.gracefulrestart.it.supervisor;

import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.it.supervisor.SystemdMachine.Result;

/**
 * What manages units in a machine: its PID 1, or a process that does so for a user.
 *
 * @param machine the machine
 * @param command how it is spoken to
 * @param units where it finds units
 * @param runtime where directories of {@code RuntimeDirectory=} are
 * @param field what the journal calls the name of a unit
 */
record ServiceManager(SystemdMachine machine, List<String> command, String units, String runtime, String field) {

	Result systemctl(String... arguments) {
		List<String> line = new ArrayList<>(this.command);
		line.addAll(List.of(arguments));
		return this.machine.run(line.toArray(String[]::new));
	}

	/**
	 * Add a unit, or a part of one.
	 */
	void define(String file, String content) {
		this.machine.write(this.units + file, content);
		systemctl("daemon-reload").assertSuccess();
	}

	/**
	 * Return what it says of a unit.
	 */
	String show(String unit, String property) {
		return systemctl("show", unit, "--value", "-p", property).assertSuccess().output();
	}

	/**
	 * Return what a service has written, and what has been written about it.
	 */
	String journal(String service) {
		String name = service + ".service";
		return this.machine
			.run("journalctl", "--no-pager", "-o", "short-precise", this.field + "=" + name, "+", "UNIT=" + name, "+",
					"USER_UNIT=" + name)
			.output();
	}

}
