package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.preflight.ForeignListeners;
import io.github.gracefulrestart.state.RestartLog;
import org.apache.commons.logging.Log;

/**
 * Names the socket of this process that may be the cause when its successor finds an
 * address in use. Most libraries do not name the address.
 */
final class PortsInUse {

	private static final Log logger = RestartLog.LOG;

	private static final Pattern IN_USE = Pattern.compile("\\bin use\\b");

	private static final Pattern PORT = Pattern.compile("\\b[Pp]ort (\\d{1,5}) was already in use");

	private final ListenerHosts hosts;

	PortsInUse(ListenerHosts hosts) {
		this.hosts = hosts;
	}

	/**
	 * Explain a failure to start.
	 * @param failure the reason that the successor has sent
	 * @return what to add to the reason, empty if the failure is another one
	 */
	String explain(String failure) {
		if (!IN_USE.matcher(failure).find()) {
			return "";
		}
		try {
			List<SocketAddress> own = this.hosts.addresses();
			List<SocketAddress> foreign = ForeignListeners.beside(own);
			return (foreign.isEmpty() ? "" : ". Its predecessor, this process, also listens on " + describe(foreign)
					+ ", which is not handed over") + explainOwn(failure, own);
		}
		catch (IOException ex) {
			logger.debug("What this process listens on is not known", ex);
			return "";
		}
	}

	/**
	 * The address of a port that is handed over cannot change, because the kernel does
	 * not let another one be bound beside it.
	 */
	private static String explainOwn(String failure, List<SocketAddress> own) {
		Matcher port = PORT.matcher(failure);
		if (!port.find()) {
			return "";
		}
		List<SocketAddress> same = own.stream()
			.filter((address) -> address instanceof InetSocketAddress inet
					&& inet.getPort() == Integer.parseInt(port.group(1)))
			.toList();
		return same.isEmpty() ? "" : ". This process serves " + describe(same)
				+ ", and the address of a port cannot be changed by a restart: stop the service and start it";
	}

	private static String describe(List<SocketAddress> addresses) {
		return addresses.stream().map(ForeignListeners::describe).collect(Collectors.joining(" and "));
	}

}
