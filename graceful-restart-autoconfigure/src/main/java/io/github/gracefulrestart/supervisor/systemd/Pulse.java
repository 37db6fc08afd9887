package io.github.gracefulrestart.supervisor.systemd;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Sends the notifications that systemd needs regularly: that this process is alive, and
 * that a reload takes longer. Has one thread, and none before there is something to send.
 */
final class Pulse {

	/** systemd asks for at least one sign of life in half of the time. */
	private static final int SIGNS_OF_LIFE = 3;

	private static final Duration EXTENDING = Duration.ofSeconds(5);

	/** Long enough for several late turns. */
	private static final Duration EXTENSION = Duration.ofSeconds(30);

	private final NotifySocket socket;

	private final @Nullable Duration watchdog;

	private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "graceful-restart-systemd");
		thread.setDaemon(true);
		return thread;
	});

	private volatile boolean extending;

	private boolean begun;

	private boolean extended;

	Pulse(NotifySocket socket, @Nullable Duration watchdog) {
		this.socket = socket;
		this.watchdog = watchdog;
	}

	/**
	 * Send signs of life from now on, if systemd expects them.
	 */
	synchronized void begin() {
		if (this.watchdog != null && this.socket.isPresent() && !this.begun) {
			this.begun = true;
			repeat(this.watchdog.dividedBy(SIGNS_OF_LIFE), () -> this.socket.send("WATCHDOG=1"));
		}
	}

	/**
	 * Start or stop asking for more time.
	 * @param extend whether this process is being replaced
	 */
	synchronized void extend(boolean extend) {
		this.extending = extend;
		if (extend && this.socket.isPresent() && !this.extended) {
			this.extended = true;
			repeat(EXTENDING, () -> {
				if (this.extending) {
					this.socket.send("EXTEND_TIMEOUT_USEC=" + EXTENSION.toNanos() / 1000);
				}
			});
		}
	}

	private void repeat(Duration interval, Runnable task) {
		var unused = this.executor.scheduleAtFixedRate(task, 0, Math.max(1, interval.toMillis()),
				TimeUnit.MILLISECONDS);
	}

	/**
	 * Run a task between two signs of life.
	 * @param delay the time until then
	 * @param task what to run, which must not wait
	 */
	void later(Duration delay, Runnable task) {
		var unused = this.executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
	}

}
