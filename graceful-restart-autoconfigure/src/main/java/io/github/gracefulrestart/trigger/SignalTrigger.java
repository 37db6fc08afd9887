package io.github.gracefulrestart.trigger;

import java.util.List;
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

	private final List<String> signals;

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
			Signals.handle(signal, () -> received(signal));
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

	private void received(String signal) {
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
