package io.github.gracefulrestart.preflight;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.gracefulrestart.PreflightCheck;
import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.options.Collision;
import io.github.gracefulrestart.process.LaunchException;
import io.github.gracefulrestart.process.SuccessorLauncher;

/**
 * Whether this process listens on anything that is not handed over. A successor cannot
 * bind it as long as both run, and nobody listens there when this process has left.
 */
final class ForeignListenersCheck implements PreflightCheck {

	private static final String NAME = "foreign-listeners";

	private static final String PROPERTY = "graceful.restart.preflight.foreign-listeners";

	private final Supplier<? extends Collection<SocketAddress>> own;

	private final SuccessorLauncher launcher;

	private final ForeignListenersRule rule;

	/**
	 * Create a check.
	 * @param own supplies the addresses that are handed over
	 * @param launcher knows the ports of JVM options, which have a check of their own
	 * @param rule what follows
	 */
	ForeignListenersCheck(Supplier<? extends Collection<SocketAddress>> own, SuccessorLauncher launcher,
			ForeignListenersRule rule) {
		this.own = own;
		this.launcher = launcher;
		this.rule = rule;
	}

	@Override
	public List<PreflightResult> check(int generation) {
		if (this.rule == ForeignListenersRule.OFF) {
			return List.of(PreflightResult.passed(NAME, "not looked at (" + PROPERTY + "=off)"));
		}
		try {
			List<String> named = named(generation);
			List<SocketAddress> foreign = ForeignListeners.beside(this.own.get())
				.stream()
				.filter((address) -> !isNamed(address, named))
				.toList();
			return List.of(foreign.isEmpty()
					? PreflightResult.passed(NAME, "this process listens on nothing that is not handed over")
					: result(foreign));
		}
		catch (IOException ex) {
			return List.of(PreflightResult.warning(NAME, "what this process listens on is not known: " + ex));
		}
	}

	private List<String> named(int generation) {
		try {
			return this.launcher.plan(generation).collisions().stream().map(Collision::message).toList();
		}
		catch (LaunchException ex) {
			// Said by the check that is about it
			return List.of();
		}
	}

	private static boolean isNamed(SocketAddress address, List<String> named) {
		return address instanceof InetSocketAddress inet
				&& named.stream().anyMatch((message) -> message.startsWith("port " + inet.getPort() + " "));
	}

	private PreflightResult result(List<SocketAddress> foreign) {
		String message = "this process also listens on "
				+ foreign.stream().map(ForeignListeners::describe).collect(Collectors.joining(" and "))
				+ ", which is not handed over: a successor cannot listen there while this process runs, and when this "
				+ "process has left, nobody does. Let the application open it when the predecessor is gone "
				+ "(PredecessorGoneEvent), or run that server in a process of its own";
		return (this.rule == ForeignListenersRule.REFUSE)
				? PreflightResult.refused(NAME, message + "; " + PROPERTY + "=warn restarts nevertheless")
				: PreflightResult.warning(NAME, message);
	}

}
