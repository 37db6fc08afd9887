package io.github.gracefulrestart.preflight;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.options.Collision;

/**
 * Whether this process listens on sockets that are not handed over. A successor cannot
 * bind them while both run, and no process listens there when this one has exited.
 */
final class ForeignListenersCheck implements PlanCheck {

	private static final String NAME = "foreign-listeners";

	private static final String PROPERTY = "graceful.restart.preflight.foreign-listeners";

	private final Supplier<? extends Collection<SocketAddress>> own;

	private final ForeignListenersRule rule;

	/**
	 * Create a check.
	 * @param own supplies the addresses that are handed over
	 * @param rule what happens if there are any
	 */
	ForeignListenersCheck(Supplier<? extends Collection<SocketAddress>> own, ForeignListenersRule rule) {
		this.own = own;
		this.rule = rule;
	}

	@Override
	public List<PreflightResult> check(PlannedLaunch launch) {
		if (this.rule == ForeignListenersRule.OFF) {
			return List.of(PreflightResult.passed(NAME, "not checked (" + PROPERTY + "=off)"));
		}
		try {
			// Ports of JVM options are reported by another check
			List<String> named = launch.collisions().stream().map(Collision::message).toList();
			List<SocketAddress> foreign = ForeignListeners.beside(this.own.get())
				.stream()
				.filter((address) -> !isNamed(address, named))
				.toList();
			return List.of(foreign.isEmpty()
					? PreflightResult.passed(NAME, "this process listens on nothing that is not handed over")
					: result(foreign));
		}
		catch (IOException ex) {
			return List.of(PreflightResult.warning(NAME, "cannot determine what this process listens on: " + ex));
		}
	}

	private static boolean isNamed(SocketAddress address, List<String> named) {
		return address instanceof InetSocketAddress inet
				&& named.stream().anyMatch((message) -> message.startsWith("port " + inet.getPort() + " "));
	}

	private PreflightResult result(List<SocketAddress> foreign) {
		String message = "this process also listens on "
				+ foreign.stream().map(ForeignListeners::describe).collect(Collectors.joining(" and "))
				+ ", which is not handed over: a successor cannot listen there while this process is running, and nothing "
				+ "listens there when this process has exited. Open it on PredecessorGoneEvent, or run that server "
				+ "as a process of its own";
		return (this.rule == ForeignListenersRule.REFUSE)
				? PreflightResult.refused(NAME, message + "; " + PROPERTY + "=warn restarts nevertheless")
				: PreflightResult.warning(NAME, message);
	}

}
