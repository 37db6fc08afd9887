package io.github.gracefulrestart.process;

import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.posix.Signals;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that an order to stop, sent to the process that the operator or a supervisor
 * knows, stops the service and not only that process. Until a predecessor has decided to
 * leave, the order is for both and takes its usual way; from then on it is for the
 * successor, however long this process takes to exit.
 */
public final class StopOrders {

	private static final Log logger = LogFactory.getLog("io.github.gracefulrestart.Restarter");

	private static final List<String> SIGNALS = List.of("TERM", "INT");

	private final List<Signals.Previous> previous = new ArrayList<>();

	private boolean ordered;

	private @Nullable Long heir;

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

	private static void pass(long successorPid) {
		logger.info("Told to stop while exiting. Passing that on to the successor (pid " + successorPid + ")");
		ProcessHandle.of(successorPid).ifPresent(ProcessHandle::destroy);
	}

}
