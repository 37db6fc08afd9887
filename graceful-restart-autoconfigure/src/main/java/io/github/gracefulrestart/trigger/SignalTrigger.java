package io.github.gracefulrestart.trigger;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.posix.Signals;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a restart when this process receives a signal. Installed long before there is
 * anything to restart, because the default action of these signals ends the process;
 * until the application is there, a signal is logged and has no other effect.
 */
public final class SignalTrigger {

	private static final Log logger = LogFactory.getLog(SignalTrigger.class);

	private final AtomicReference<@Nullable Restarter> target = new AtomicReference<>();

	/**
	 * Those that the JVM does not touch if they are ignored when it starts.
	 */
	private static final Set<String> LEFT_IGNORED = Set.of("HUP", "INT", "TERM");

	private static final String HANG_UP = "HUP";

	/** 128 + SIGHUP, as the JVM does it. */
	private static final int ENDED_BY_HANG_UP = 129;

	private final List<String> signals;

	private final SuspendSignal suspendSignal = new SuspendSignal();

	private volatile boolean sharedWithJvm;

	private final List<Signals.Previous> ignored = new ArrayList<>();

	private final HangUp hangUp;

	private final AtomicBoolean ending = new AtomicBoolean();

	private SignalTrigger(List<String> signals, HangUp hangUp) {
		this.signals = List.copyOf(signals);
		this.hangUp = hangUp;
	}

	/**
	 * Install handlers.
	 * @param signals names of signals without {@code SIG}
	 * @param predecessor the process that this one takes over from, if there is one
	 * @return the trigger
	 */
	public static SignalTrigger install(List<String> signals, @Nullable Long predecessor) {
		SignalTrigger trigger = new SignalTrigger(signals, new HangUp(new Session(predecessor)));
		boolean delivered = signals.isEmpty() || Signals.areDelivered();
		if (!delivered) {
			logger.warn("No signal can trigger a graceful restart here: this JVM was started with -Xrs, which disables "
					+ "signals. Other triggers work");
		}
		for (String signal : signals) {
			trigger.handle(signal, delivered);
		}
		if (predecessor != null && trigger.hangUp.isPossible()) {
			trigger.outliveSession();
		}
		return trigger;
	}

	/**
	 * When the predecessor exits, the session of the terminal may end. The kernel then
	 * sends this process the signal.
	 */
	private void outliveSession() {
		if (!Signals.areDelivered() || !Signals.areSupported()) {
			Signals.ignoreUndelivered(HANG_UP);
		}
		else if (!this.signals.contains(HANG_UP)) {
			Signals.handle(HANG_UP, () -> {
				if (isOrder()) {
					// A JVM without another handler exits on this signal, as usual
					System.exit(ENDED_BY_HANG_UP);
				}
			});
		}
		this.hangUp.watch();
	}

	/**
	 * Even a handler that is never called is useful: with it the signal does not end the
	 * JVM.
	 */
	private void handle(String signal, boolean delivered) {
		try {
			Signals.Previous previous = Signals.handle(signal, () -> received(signal));
			if (delivered && SuspendSignal.NAME.equals(signal) && previous.ownedByJvm()) {
				this.sharedWithJvm = true;
				logger.info("The JVM uses signal " + signal + " itself, for flight recordings. While one is running, "
						+ signal
						+ " does not trigger a restart. To avoid this, start this JVM with the environment variable "
						+ "_JAVA_SR_SIGNUM=50, as successors are started");
			}
			if (delivered && LEFT_IGNORED.contains(signal) && previous.ignored()) {
				logger
					.warn("Signal " + signal + " cannot trigger a graceful restart here: it was ignored when this JVM "
							+ "was started, as nohup does. Other triggers work");
			}
		}
		catch (IllegalArgumentException ex) {
			if (delivered) {
				logger.warn("Signal " + signal + " cannot trigger a graceful restart here: " + ex.getMessage()
						+ ". Other triggers work");
			}
		}
	}

	/**
	 * Set the restarter to call.
	 * @param restarter the restarter
	 */
	public void attach(Restarter restarter) {
		this.target.set(restarter);
		if (this.signals.contains(HANG_UP)) {
			this.hangUp.watch();
		}
	}

	/**
	 * Unset the restarter.
	 */
	public void detach() {
		this.target.set(null);
	}

	/**
	 * Ignore the signals while a successor is started: it inherits this, so it ignores
	 * them until it handles them itself. A restart is under way, so a signal that this
	 * process ignores would be refused anyway.
	 * @param ignore whether to ignore them, or to handle them again
	 */
	public synchronized void ignore(boolean ignore) {
		this.ignored.forEach(Signals.Previous::restore);
		this.ignored.clear();
		if (ignore) {
			// A JVM that starts with another signal ignored keeps ignoring it
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
		if (HANG_UP.equals(signal) && !isOrder()) {
			return;
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

	/**
	 * Find out whether {@code SIGHUP} was sent on purpose; if not, exit or continue
	 * according to its cause.
	 */
	private boolean isOrder() {
		HangUp.Meaning meaning = this.hangUp.meaning();
		if (meaning == HangUp.Meaning.TERMINAL_GONE && this.ending.compareAndSet(false, true)) {
			logger
				.info("The terminal of this process has closed (signal HUP). Exiting, as without graceful restarts. To "
						+ "keep the process running, start it as a service, or with nohup or setsid");
			System.exit(ENDED_BY_HANG_UP);
		}
		if (meaning == HangUp.Meaning.PREDECESSOR_GONE) {
			logger.info("The terminal has closed because the predecessor has exited (signal HUP). "
					+ "Continuing to serve without a terminal");
		}
		return meaning == HangUp.Meaning.ORDER;
	}

	@Override
	public String toString() {
		return "signals " + this.signals;
	}

}
