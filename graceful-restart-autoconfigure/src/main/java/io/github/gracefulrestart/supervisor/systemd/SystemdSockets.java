package io.github.gracefulrestart.supervisor.systemd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.gracefulrestart.listener.HeldListeners;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.process.SuccessorFlag;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets that systemd holds for the service: of a socket unit, and those
 * in the descriptor store of the service, which its own processes have put there. A first
 * generation gets them from systemd. A later one inherits what its predecessor has, and
 * hears from it which of these are held.
 */
final class SystemdSockets implements HeldListeners {

	/** Tells the names of those in the store to a successor. */
	static final String STORED = "GRACEFUL_RESTART_STORED";

	/** Tells the names of those of a socket unit to a successor. */
	static final String ACTIVATED = "GRACEFUL_RESTART_ACTIVATED";

	/** What the names of all those begin with that this library has stored. */
	private static final String PREFIX = "graceful-restart.";

	/** Not part of a name, see sd_pid_notify_with_fds(3). */
	private static final String SEPARATOR = ":";

	private static final Log logger = LogFactory.getLog(SystemdSockets.class);

	private final Set<String> stored = new TreeSet<>();

	private final Set<String> activated = new TreeSet<>();

	private final Supplier<List<PassedSocket>> source;

	/** What no listener has taken yet. */
	private @Nullable List<PassedSocket> passed;

	private final List<Listener> opened = new ArrayList<>();

	/** One's own, by names: a listener that is closed can be opened again. */
	private final Map<String, Descriptor> kept = new HashMap<>();

	/**
	 * Create the sockets of a process.
	 * @param source supplies what systemd has passed to it
	 * @param told what its predecessor has told it, values by names
	 */
	SystemdSockets(Supplier<List<PassedSocket>> source, Map<String, String> told) {
		this.source = source;
		this.stored.addAll(names(told.get(STORED)));
		this.activated.addAll(names(told.get(ACTIVATED)));
	}

	private static List<String> names(@Nullable String list) {
		return (list == null || list.isEmpty()) ? List.of() : List.of(list.split(SEPARATOR));
	}

	/**
	 * Return those of this JVM.
	 */
	static SystemdSockets own() {
		return Own.SOCKETS;
	}

	@Override
	public synchronized @Nullable Descriptor take(ListenerKey key) throws IOException {
		String name = name(key);
		Descriptor own = this.kept.get(name);
		if (own == null) {
			PassedSocket found = find(key, name);
			if (found == null) {
				return null;
			}
			logger.info("Listening as " + key.name() + " on a socket that systemd has passed: " + found);
			own = keep(name, found.number());
			(isStored(found) ? this.stored : this.activated).add(name);
			drop(found);
		}
		return Descriptor.duplicate(own.number());
	}

	private @Nullable PassedSocket find(ListenerKey key, String name) {
		List<Predicate<PassedSocket>> rules = List.of((socket) -> socket.name().equals(name),
				(socket) -> socket.isAt(key), (socket) -> socket.name().equals(key.name()));
		for (Predicate<PassedSocket> rule : rules) {
			for (PassedSocket socket : passed()) {
				if (socket.isReachable() && rule.test(socket)) {
					return socket;
				}
			}
		}
		return null;
	}

	private List<PassedSocket> passed() {
		List<PassedSocket> known = this.passed;
		if (known == null) {
			known = new ArrayList<>(read());
			this.passed = known;
		}
		return known;
	}

	/**
	 * Not before a listener asks, because it takes native calls.
	 */
	private List<PassedSocket> read() {
		try {
			return this.source.get();
		}
		catch (LinkageError ex) {
			logger.warn("What systemd has passed cannot be used because native calls do not work: " + ex
					+ ". The application listens itself", ex);
			return List.of();
		}
	}

	private Descriptor keep(String name, int number) throws IOException {
		Descriptor own = Descriptor.duplicate(number);
		Descriptor previous = this.kept.put(name, own);
		if (previous != null) {
			previous.close();
		}
		return own;
	}

	/**
	 * Close what was passed of a socket, which may be in the store as well.
	 */
	private void drop(PassedSocket taken) {
		List<PassedSocket> same = passed().stream().filter(taken::isSame).toList();
		passed().removeAll(same);
		for (PassedSocket socket : same) {
			if (isStored(socket)) {
				this.stored.add(socket.name());
			}
			new Descriptor(socket.number()).close();
		}
	}

	@Override
	public synchronized void opened(Listener listener) {
		this.opened.removeIf((other) -> !other.isOpen());
		this.opened.add(listener);
	}

	@Override
	public synchronized boolean isHeld(ListenerKey key) {
		return isHeld(name(key));
	}

	private boolean isHeld(String name) {
		return this.stored.contains(name) || this.activated.contains(name);
	}

	/**
	 * Tell a successor.
	 * @param variables values by names
	 */
	synchronized void tell(Map<String, @Nullable String> variables) {
		variables.put(STORED, list(this.stored));
		variables.put(ACTIVATED, list(this.activated));
	}

	private static @Nullable String list(Set<String> names) {
		return names.isEmpty() ? null : String.join(SEPARATOR, names);
	}

	/**
	 * This process serves alone, and all listeners are open. What the store has and the
	 * service does not want is removed from it, or clients would connect to that and wait
	 * for ever; what the service wants and a socket unit does not hold is stored.
	 * @param wanted whether sockets are to be in the store
	 * @param systemd who holds them
	 * @throws IOException if a listener has no descriptor
	 */
	synchronized void settle(boolean wanted, NotifySocket systemd) throws IOException {
		Map<String, Listener> open = new HashMap<>();
		this.opened.stream().filter(Listener::isOpen).forEach((listener) -> open.put(name(listener.key()), listener));
		if (open.isEmpty()) {
			// Another application context has the web server
			return;
		}
		removeStale(open.keySet(), wanted, systemd);
		for (Map.Entry<String, Listener> entry : open.entrySet()) {
			String name = entry.getKey();
			boolean store = wanted && !this.activated.contains(name);
			if (store || this.activated.contains(name)) {
				Descriptor own = this.kept.get(name);
				own = (own != null) ? own : keep(name, entry.getValue().descriptor());
				if (store && systemd.send(List.of(own.number()), "FDSTORE=1", "FDNAME=" + name)) {
					this.stored.add(name);
				}
			}
		}
		warn(open.keySet());
	}

	private void removeStale(Set<String> open, boolean wanted, NotifySocket systemd) {
		for (PassedSocket socket : List.copyOf(passed())) {
			if (isStored(socket)) {
				drop(socket);
				// What is wanted by this name is another socket, and stored again
				remove(socket.name(), systemd);
				this.stored.remove(socket.name());
			}
		}
		for (Iterator<String> names = this.stored.iterator(); names.hasNext();) {
			String name = names.next();
			if (!wanted || !open.contains(name) || this.activated.contains(name)) {
				remove(name, systemd);
				names.remove();
			}
		}
		for (Iterator<Map.Entry<String, Descriptor>> all = this.kept.entrySet().iterator(); all.hasNext();) {
			Map.Entry<String, Descriptor> entry = all.next();
			if (!open.contains(entry.getKey()) || !isHeld(entry.getKey())) {
				entry.getValue().close();
				all.remove();
			}
		}
	}

	private static void remove(String name, NotifySocket systemd) {
		systemd.send("FDSTOREREMOVE=1", "FDNAME=" + name);
	}

	private void warn(Set<String> open) {
		if (!passed().isEmpty()) {
			logger.warn("systemd has passed what no listener of this application fits: " + passed()
					+ ". It is left open. Let the socket unit listen where the application does, or name a listener in "
					+ "FileDescriptorName=");
			passed().clear();
		}
		List<String> unused = this.activated.stream().filter((name) -> !open.contains(name)).toList();
		if (!unused.isEmpty()) {
			logger.warn("This application no longer listens on sockets of a socket unit: " + unused
					+ ". Clients connect to them and get no answer. Change the socket unit, too");
			unused.forEach(this.activated::remove);
		}
	}

	private static boolean isStored(PassedSocket socket) {
		return socket.name().startsWith(PREFIX);
	}

	/**
	 * Return what systemd knows a listener by.
	 */
	static String name(ListenerKey key) {
		StringBuilder name = new StringBuilder(PREFIX);
		for (byte octet : key.identity().getBytes(StandardCharsets.UTF_8)) {
			if (octet == ':') {
				name.append(',');
			}
			else if (octet < ' ' || octet > '~' || octet == '%' || octet == ',') {
				name.append('%').append(String.format("%02X", octet));
			}
			else {
				name.append((char) octet);
			}
		}
		return name.toString();
	}

	/**
	 * Of the JVM, like what systemd has passed to it.
	 */
	private static final class Own {

		static final SystemdSockets SOCKETS = (SuccessorFlag.own() != null)
				? new SystemdSockets(List::of, System.getenv())
				: new SystemdSockets(() -> PassedSocket.of(System.getenv(), ProcessHandle.current().pid()), Map.of());

	}

}
