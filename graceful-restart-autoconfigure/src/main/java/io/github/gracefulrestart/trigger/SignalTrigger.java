package io.github.gracefulrestart.trigger;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
	 * The signal with which HotSpot suspends threads by default ({@code SR_signum}).
	 */
	private static final String SUSPEND_SIGNAL = "USR2";

	private final List<String> signals;

	private final AtomicBoolean recordingReported = new AtomicBoolean();

	private volatile boolean sharedWithJvm;

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
		for (String signal : signals) {
			trigger.handle(signal);
		}
		return trigger;
	}

	private void handle(String signal) {
		try {
			Signals.Previous previous = Signals.handle(signal, () -> received(signal));
			if (SUSPEND_SIGNAL.equals(signal) && previous.ownedByJvm()) {
				this.sharedWithJvm = true;
				logger
					.info("The JVM uses signal " + signal + " itself, for flight recordings. While one runs, " + signal
							+ " triggers no restart; start this JVM with the environment variable _JAVA_SR_SIGNUM=50, "
							+ "as successors are, to keep the two apart");
			}
		}
		catch (IllegalArgumentException ex) {
			logger.warn("Signal " + signal + " cannot trigger a graceful restart here: " + ex.getMessage()
					+ ". Other triggers are not affected");
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
	 * A flight recording suspends threads with the same signal, about a hundred times a
	 * second. The signal is not given back to the JVM while it runs: a signal from
	 * outside would then end some JVMs, seen with 17.0.15.
	 */
	private boolean belongsToFlightRecording(String signal) {
		if (!this.sharedWithJvm || !SUSPEND_SIGNAL.equals(signal) || ModuleLayer.boot().findModule("jdk.jfr").isEmpty()
				|| !FlightRecordings.isRunning()) {
			return false;
		}
		if (this.recordingReported.compareAndSet(false, true)) {
			logger.warn("A flight recording runs and uses signal " + signal + ": until it stops, " + signal
					+ " triggers no restart, and the recording gets no execution samples. Start this JVM with the "
					+ "environment variable _JAVA_SR_SIGNUM=50 to keep the two apart. Other triggers are not affected");
			FlightRecordings.whenStopped(() -> this.recordingReported.set(false));
		}
		return true;
	}

	private void received(String signal) {
		if (belongsToFlightRecording(signal)) {
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

	@Override
	public String toString() {
		return "signals " + this.signals;
	}

}
