package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.Message.Proceed;
import io.github.gracefulrestart.handover.Message.Relieved;
import io.github.gracefulrestart.handover.Message.Serving;
import io.github.gracefulrestart.host.Drain;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.Ticker;
import org.apache.commons.logging.Log;

/**
 * The first stage of a restart, from its start to the moment when only the successor
 * accepts.
 */
final class Handover implements Stage {

	private static final Log logger = RestartLog.LOG;

	private final RunParts parts;

	private final RestartSettings settings;

	private final LaunchedSuccessor successor;

	private final Phases phases;

	private final Gates gates;

	Handover(RunParts parts, LaunchedSuccessor successor, Phases phases) {
		this.parts = parts;
		this.settings = parts.settings();
		this.successor = successor;
		this.phases = phases;
		this.gates = new Gates(parts.hosts());
	}

	/**
	 * Let a successor that is ready serve, and stop accepting.
	 * @param offered whose listeners it has
	 * @return the next stage, which has not begun
	 * @throws RestartEndedException if the successor does not serve
	 * @throws IOException if it is gone
	 */
	Tenure handOver(List<ListenerHost> offered) throws RestartEndedException, IOException {
		List<String> obstacles = this.parts.hosts().obstacles();
		if (!obstacles.isEmpty()) {
			// The obstacle is newer than the preflight
			throw new RestartEndedException(new Ending.Failed(String.join("; ", obstacles), null));
		}
		ControlConnection control = this.successor.connection();
		this.phases.enter(RestartPhase.HANDING_OVER);
		logger.info("Successor (pid " + this.successor.pid() + ") became ready in "
				+ this.phases.millis(RestartPhase.LAUNCHING, RestartPhase.AWAITING_READY) + " ms. Handing over "
				+ offered);
		control.send(new Proceed());
		Serving serving = awaitServing();
		List<ListenerHost> inherited = new ArrayList<>();
		List<ListenerHost> abandoned = new ArrayList<>();
		Set<ListenerKey> adopted = new HashSet<>(serving.adopted());
		for (ListenerHost host : offered) {
			if (!host.listener().isOpen()) {
				throw new RestartEndedException(
						new Ending.Failed("listener " + host + " was closed during the restart", null));
			}
			(adopted.contains(host.listener().key()) ? inherited : abandoned).add(host);
		}
		long probationEnd = clock().deadline(this.settings.probation());
		this.gates.handOver(inherited);
		control.send(new Relieved(this.settings.probation().toMillis()));
		this.phases.enter(RestartPhase.DRAINING);
		ConnectionCount count = this.parts.hosts().connections();
		logger.info("Successor (pid " + this.successor.pid() + ") serves as generation " + this.successor.generation()
				+ ". Draining " + count.total() + " connections (" + count.active() + " active)");
		ConnectionMover mover = new ConnectionMover(control, serving.capacity(), this.settings.handoverTimeout(),
				clock());
		return new Tenure(this.parts, this.successor, this.phases,
				new Drain(inherited, abandoned, mover, this.settings, clock(), probationEnd), mover, probationEnd);
	}

	private Serving awaitServing() throws RestartEndedException {
		Duration limit = this.settings.handoverTimeout();
		return this.successor.await(Serving.class, clock().deadline(limit), "did not open its gates", limit);
	}

	private Ticker clock() {
		return this.successor.events().clock();
	}

	@Override
	public RestartOutcome failure() {
		return RestartOutcome.FAILED;
	}

	@Override
	public DrainSummary drained() {
		return DrainSummary.NONE;
	}

	/**
	 * Some gates may be closed already.
	 */
	@Override
	public void serveOn() {
		this.gates.open();
		this.gates.claimQueues();
	}

	@Override
	public void successorEnded() {
	}

	/**
	 * The shutdown of this process stops the web server, which closes the listeners.
	 */
	@Override
	public void stop() {
	}

	@Override
	public boolean isOver() {
		return false;
	}

}
