package io.github.gracefulrestart.process;

import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.posix.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that an order to stop the process that the operator or a supervisor knows
 * stops the service, and not only that process. Until a predecessor has decided to exit,
 * the order is handled as usual and stops both processes. From then on it is passed on to
 * the successor, however long this process takes to exit.
 */
public final class StopOrders {

	private static final List<String> SIGNALS = List.of("TERM", "INT");

	private final List<Signals.Previous> previous = new ArrayList<>();

	private final Runnable log;

	private boolean ordered;

	private @Nullable Long heir;

	/**
	 * Create the handler.
	 * @param log logs that an order is passed on
	 */
	public StopOrders(Runnable log) {
		this.log = log;
	}

	/**
	 * Begin to listen for orders.
	 */
	public synchronized void begin() {
		if (Signals.areSupported() && Signals.areDelivered()) {
			for (String signal : SIGNALS) {
				this.previous.add(Signals.handle(signal, () -> received(signal)));
			}
			this.previous.stream().filter(Signals.Previous::ignored).forEach(Signals.Previous::restore);
		}
	}

	/**
	 * This process exits. An order that came just before may have been too late to
	 * prevent that, so it is passed on as well.
	 * @param successorPid the process id of the successor
	 */
	public synchronized void leaveTo(long successorPid) {
		this.heir = successorPid;
		if (this.ordered) {
			pass(successorPid);
		}
	}

	/**
	 * This process stays, or stops together with its successor.
	 */
	public synchronized void end() {
		this.previous.forEach(Signals.Previous::restore);
		this.previous.clear();
	}

	private synchronized void received(String signal) {
		Long successor = this.heir;
		if (successor != null) {
			pass(successor);
			return;
		}
		this.ordered = true;
		end();
		Signals.raise(signal);
	}

	private void pass(long successorPid) {
		// It must be known before the successor ends
		this.log.run();
		ProcessHandle.of(successorPid).ifPresent(ProcessHandle::destroy);
	}

}
