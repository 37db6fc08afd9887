package io.github.gracefulrestart.sample;

import java.util.Arrays;

import io.github.gracefulrestart.RestartPhaseEvent;
import io.github.gracefulrestart.Restarter;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The ways in which an application that serves goes wrong, at once or when this process
 * comes to a certain phase of a restart.
 */
@RestController
class FailureController {

	private final ApplicationContext context;

	private final SwitchedHealth health;

	private volatile String later = "";

	private volatile String phase = "";

	FailureController(ApplicationContext context, SwitchedHealth health) {
		this.context = context;
		this.health = health;
	}

	@PostMapping("/fail")
	String fail(@RequestParam String how, @RequestParam(defaultValue = "") String at) {
		if (at.isEmpty()) {
			begin(how);
		}
		else {
			this.later = how;
			this.phase = at;
		}
		return Identity.CURRENT.toString();
	}

	@EventListener
	void onPhase(RestartPhaseEvent event) {
		if (event.getPhase().label().equals(this.phase)) {
			begin(this.later);
		}
	}

	/**
	 * A request is answered first, if there is time.
	 */
	private void begin(String how) {
		Thread thread = new Thread(() -> fail(how), "sample-failure");
		// Otherwise the JVM may end, with 0, before this thread can say with what
		thread.setDaemon(false);
		thread.start();
	}

	private void fail(String how) {
		switch (how) {
			case "halt" -> Runtime.getRuntime().halt(7);
			case "out-of-memory" -> outOfMemory();
			case "exit" -> System.exit(5);
			case "spring-exit" -> closeAndExit(0);
			case "spring-exit-with-failure" -> closeAndExit(6);
			case "refuse-traffic" -> AvailabilityChangeEvent.publish(this.context, ReadinessState.REFUSING_TRAFFIC);
			case "break" -> AvailabilityChangeEvent.publish(this.context, LivenessState.BROKEN);
			case "down" -> this.health.goDown();
			case "hang-health" -> this.health.hang();
			case "say-too-much" -> this.context.getBean(Restarter.class).rollBack("prices are wrong ".repeat(5000));
			case "roll-back" -> this.context.getBean(Restarter.class).rollBack("prices are wrong");
			default -> throw new IllegalArgumentException("no way to fail: " + how);
		}
	}

	private void outOfMemory() {
		// The JVM is started with -XX:+ExitOnOutOfMemoryError
		long[][] hoard = new long[1 << 10][];
		Arrays.setAll(hoard, (i) -> new long[1 << 27]);
		throw new IllegalStateException("there is memory for " + hoard.length + " GiB");
	}

	private void closeAndExit(int code) {
		System.exit(SpringApplication.exit(this.context, () -> code));
	}

	/**
	 * A part of the application whose health is what a test says.
	 */
	@Component("switched")
	static class SwitchedHealth implements HealthIndicator {

		private volatile boolean down;

		private volatile boolean hanging;

		private void goDown() {
			this.down = true;
		}

		private void hang() {
			this.hanging = true;
		}

		@Override
		public Health health() {
			while (this.hanging) {
				try {
					Thread.sleep(60_000);
				}
				catch (InterruptedException ex) {
					return Health.unknown().build();
				}
			}
			return (this.down ? Health.down() : Health.up()).build();
		}

	}

}
