package io.github.gracefulrestart.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * What would let systemd end the service at the end of a restart, although the unit has a
 * pid file.
 *
 * @param mounts supplies the mounts that this process sees, as in
 * {@code /proc/self/mountinfo}
 * @param stopping supplies the names of beans that say that the service stops when their
 * context is closed
 */
record UnitHazards(Supplier<List<String>> mounts, Supplier<List<String>> stopping) {

	/** They send {@code STOPPING=1}, which cannot be taken back. */
	private static final Set<String> STOPPING = Set.of("com.github.jpmsilva.jsystemd.SystemdLifecycle");

	private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

	/** What PrivateTmp= gives to a service, see systemd.exec(5). */
	private static final List<String> PRIVATE = List.of("/tmp", "/var/tmp");

	/** Part of what systemd mounts there. */
	private static final String MARK = "/systemd-private-";

	private static final int ROOT = 3;

	private static final int MOUNT_POINT = 4;

	static UnitHazards of(ListableBeanFactory beans) {
		return new UnitHazards(UnitHazards::readMounts, () -> stopping(beans, STOPPING));
	}

	private static List<String> readMounts() {
		try {
			return Files.readAllLines(MOUNTS);
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	static List<String> stopping(ListableBeanFactory beans, Set<String> types) {
		List<String> found = new ArrayList<>();
		for (String type : types) {
			if (ClassUtils.isPresent(type, null)) {
				Class<?> known = ClassUtils.resolveClassName(type, null);
				found.addAll(List.of(beans.getBeanNamesForType(known, true, false)));
			}
		}
		return found;
	}

	/**
	 * Find what would end the service.
	 * @param file the pid file in which systemd looks
	 * @return a reason for each, with what to do about it
	 */
	List<String> find(@Nullable Path file) {
		List<String> found = new ArrayList<>();
		String directory = (file != null) ? privateDirectory(file) : null;
		if (directory != null) {
			found.add("systemd looks for the service in " + file + ", but the unit has PrivateTmp=, so that "
					+ directory
					+ " is another directory for this process: when this process exits, systemd ends the service, and a "
					+ "successor with it. Add RuntimeDirectory=NAME and PIDFile=/run/NAME/main.pid to the unit, and "
					+ "restart it once");
		}
		for (String bean : this.stopping.get()) {
			found.add("the bean \"" + bean + "\" tells systemd that the service stops (STOPPING=1) when this process "
					+ "exits, and systemd ends a successor with it. Exclude the library that the bean is from: this "
					+ "starter tells systemd when the service is ready, restarts or stops");
		}
		return found;
	}

	private @Nullable String privateDirectory(Path file) {
		Path normal = file.normalize();
		for (String line : this.mounts.get()) {
			String[] fields = line.split(" ");
			if (fields.length > MOUNT_POINT && PRIVATE.contains(fields[MOUNT_POINT]) && fields[ROOT].contains(MARK)
					&& normal.startsWith(fields[MOUNT_POINT])) {
				return fields[MOUNT_POINT];
			}
		}
		return null;
	}

}
