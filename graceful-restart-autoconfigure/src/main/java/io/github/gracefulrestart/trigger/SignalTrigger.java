package io.github.gracefulrestart.trigger;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import io.github.gracefulrestart.posix.Signals;
import io.github.gracefulrestart.restart.RestartRefusedException;
import io.github.gracefulrestart.restart.Restarter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a restart when this process receives a signal. Installed long before there is
 * anything to restart, because the default action of these signals ends the process;
 * until the application is there, a signal is logged and has no other effect.
 *
 * @since 0.1.0
 */
public final class SignalTrigger {

	private static final Log logger = LogFactory.getLog(SignalTrigger.class);

	private final AtomicReference<@Nullable Restarter> target = new AtomicReference<>();

	/**
	 * Those that the JVM does not touch if they are ignored when it starts.
	 */
	private static final Set<String> LEFT_IGNORED = Set.of("HUP", "INT", "TERM");

	private final List<String> signals;

	private final SuspendSignal suspendSignal = new SuspendSignal();

	private volatile boolean sharedWithJvm;

	private final List<Signals.Previous> ignored = new ArrayList<>();

	private SignalTrigger(List<String> signals) {
		this.signals = List.copyOf(signals);
	}

	/**
	 * Install handlers.
	 * @param signals names of signals without {@code SIG}
	 * @return the trigger
	 */
	public static SignalTrigger install(List<String> signals) {
		SignalTrigger trigger = new SignalTrigger(signals);
		boolean delivered = signals.isEmpty() || Signals.areDelivered();
		if (!delivered) {
			logger.warn("No signal can trigger a graceful restart here: this JVM was started with -Xrs and passes none "
					+ "on. Other triggers are not affected");
		}
		for (String signal : signals) {
			trigger.handle(signal, delivered);
		}
		return trigger;
	}

	/**
	 * A handler that is never called is better than none: the signal does not end the
	 * JVM.
	 */
	private void handle(String signal, boolean delivered) {
		try {
			Signals.Previous previous = Signals.handle(signal, () -> received(signal));
			if (delivered && SuspendSignal.NAME.equals(signal) && previous.ownedByJvm()) {
				this.sharedWithJvm = true;
				logger
					.info("The JVM uses signal " + signal + " itself, for flight recordings. While one runs, " + signal
							+ " triggers no restart; start this JVM with the environment variable _JAVA_SR_SIGNUM=50, "
							+ "as successors are, to keep the two apart");
			}
			if (delivered && LEFT_IGNORED.contains(signal) && previous.ignored()) {
				logger.warn(
						"Signal " + signal + " cannot trigger a graceful restart here: whoever started this JVM, such "
								+ "as nohup, has it ignored. Other triggers are not affected");
			}
		}
		catch (IllegalArgumentException ex) {
			if (delivered) {
				logger.warn("Signal " + signal + " cannot trigger a graceful restart here: " + ex.getMessage()
						+ ". Other triggers are not affected");
			}
		}
	}

	/**
	 * Say what to restart.
	 * @param restarter the restarter
	 */
	public void attach(Restarter restarter) {
		this.target.set(restarter);
	}

	/**
	 * Say that there is nothing to restart any more.
	 */
	public void detach() {
		this.target.set(null);
	}

	/**
	 * Ignore the signals for the moment in which a successor is started: it ignores what
	 * this process does, until it handles it. A restart is under way, so that nothing is
	 * missed but a refusal.
	 * @param ignore whether to ignore them, or to handle them again
	 */
	public synchronized void ignore(boolean ignore) {
		this.ignored.forEach(Signals.Previous::restore);
		this.ignored.clear();
		if (ignore) {
			// A JVM that finds one of the others ignored leaves it so for ever
			this.signals.stream().filter((signal) -> !LEFT_IGNORED.contains(signal)).forEach((signal) -> {
				try {
					this.ignored.add(Signals.ignore(signal));
				}
				catch (IllegalArgumentException ex) {
					logger.debug("Signal " + signal + " cannot be ignored", ex);
				}
			});
		}
	}

	private void received(String signal) {
		if (SuspendSignal.NAME.equals(signal) && this.sharedWithJvm) {
			this.suspendSignal.watch();
			if (!this.suspendSignal.isFromOutside()) {
				return;
			}
		}
		Restarter restarter = this.target.get();
		if (restarter == null) {
			logger.warn("Graceful restart requested by signal " + signal
					+ " refused: this process is starting or shutting down. Nothing has changed");
			return;
		}
		try {
			restarter.restart("signal " + signal);
		}
		catch (RestartRefusedException ex) {
			// The restarter has logged the reason
		}
	}

	@Override
	public String toString() {
		return "signals " + this.signals;
	}

}
