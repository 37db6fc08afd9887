package io.github.gracefulrestart.process;

import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.posix.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that an order to stop, sent to the process that the operator or a supervisor
 * knows, stops the service and not only that process. Until a predecessor has decided to
 * leave, the order is for both and takes its usual way; from then on it is for the
 * successor, however long this process takes to exit.
 */
public final class StopOrders {

	private static final List<String> SIGNALS = List.of("TERM", "INT");

	private final List<Signals.Previous> previous = new ArrayList<>();

	private final Runnable log;

	private boolean ordered;

	private @Nullable Long heir;

	/**
	 * Create what listens.
	 * @param log says that an order is passed on
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
	 * This process leaves. What was ordered before was perhaps too late to change that.
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
		ProcessHandle.of(successorPid).ifPresent(ProcessHandle::destroy);
		this.log.run();
	}

}
