package io.github.gracefulrestart.state;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.gracefulrestart.PredecessorGoneEvent;
import io.github.gracefulrestart.RestartParticipant;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartPhaseEvent;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.SuccessorLaunch;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * Calls all participants of this JVM at the moments of a restart, in their order, and one
 * moment after another. Whatever they do, a method fails only if it may refuse, and waits
 * only if it says so. Without participants there is no thread and no log.
 */
public final class Participants {

	private static final Duration MARGIN = Duration.ofSeconds(5);

	private final OrderedTasks tasks = new OrderedTasks("graceful-restart-participants");

	/**
	 * Whether a restart has begun and the participants have not been told its end yet.
	 */
	private final AtomicBoolean begun = new AtomicBoolean();

	private volatile List<Participant> all = List.of();

	private volatile Duration limit = Duration.ZERO;

	private volatile Map<String, @Nullable String> environment = Map.of();

	/**
	 * Set the participants, before the first moment.
	 * @param participants the participants in their order
	 * @param limit how long each call may take
	 */
	public void join(List<Participant> participants, Duration limit) {
		this.limit = limit;
		this.all = List.copyOf(participants);
	}

	/**
	 * A successor is about to be launched. Waits.
	 * @param generation its generation
	 * @param dryRun whether it is never to serve
	 * @throws RestartRefusedException if one of them refuses
	 */
	public void beforeLaunch(int generation, boolean dryRun) {
		this.begun.set(true);
		SuccessorLaunch launch = new SuccessorLaunch(generation, dryRun);
		String refusal = callAndWait(
				ParticipantCall.asking("beforeLaunch", (participant) -> participant.beforeLaunch(launch)), this.limit);
		this.environment = launch.environment();
		if (refusal != null) {
			resume();
			throw RestartRefusedException.impossible(refusal);
		}
	}

	/**
	 * Return the variables that participants have set for the successor.
	 * @return values by names, {@code null} where a variable is removed
	 */
	public Map<String, @Nullable String> environment() {
		return this.environment;
	}

	/**
	 * The successor runs. Does not wait.
	 * @param successorPid its process id
	 */
	public void launched(long successorPid) {
		call(ParticipantCall.telling("launched", (participant) -> participant.launched(successorPid)));
	}

	/**
	 * This process is the service again, if it was about to be replaced. Does not wait.
	 */
	public void resume() {
		if (this.begun.compareAndSet(true, false)) {
			call(ParticipantCall.telling("resume", RestartParticipant::resume));
		}
	}

	/**
	 * The service is told to stop, and a successor is about to be ended. Waits.
	 */
	public void stopping() {
		if (this.begun.compareAndSet(true, false)) {
			callAndWait(ParticipantCall.telling("stopping", RestartParticipant::stopping), this.limit);
		}
	}

	/**
	 * This process exits, and leaves the service to its successor. Waits.
	 * @param successorPid its process id
	 */
	public void leaving(long successorPid) {
		this.begun.set(false);
		callAndWait(ParticipantCall.telling("leaving", (participant) -> participant.leaving(successorPid)), this.limit);
	}

	/**
	 * This process is ready, and about to say so to its predecessor. Waits.
	 * @param patience how long each of them may take
	 * @return why this process must not serve, or {@code null} if it may
	 */
	public @Nullable String warmUp(Duration patience) {
		return callAndWait(ParticipantCall.asking("warmUp", RestartParticipant::warmUp), patience);
	}

	/**
	 * Call the participants whose moment is the publication of an event. Does not wait.
	 * @param event the event that is about to be published
	 */
	void published(ApplicationEvent event) {
		if (event instanceof PredecessorGoneEvent) {
			call(ParticipantCall.telling("alone", RestartParticipant::alone));
		}
		else if (event instanceof RestartPhaseEvent change && change.getPhase() == RestartPhase.SUCCEEDING) {
			call(ParticipantCall.telling("takenOver", RestartParticipant::takenOver));
		}
		else if (event instanceof RestartPhaseEvent change && change.getPhase() == RestartPhase.DRAINING) {
			call(ParticipantCall.telling("resign", RestartParticipant::resign));
		}
	}

	private void call(ParticipantCall call) {
		List<Participant> called = of(call);
		if (!called.isEmpty()) {
			this.tasks.run(() -> callAll(called, call, this.limit));
		}
	}

	private @Nullable String callAndWait(ParticipantCall call, Duration limit) {
		List<Participant> called = of(call);
		if (called.isEmpty()) {
			return null;
		}
		FutureTask<@Nullable String> task = new FutureTask<>(() -> callAll(called, call, limit));
		this.tasks.run(task);
		// Each call before this one is limited as well
		Duration patience = limit.plus(this.limit.multipliedBy(2)).multipliedBy(this.all.size()).plus(MARGIN);
		String failure = "participants could not be called for " + call.moment();
		try {
			if (!new Ticker().await(task, patience)) {
				throw new TimeoutException("they have not been called within " + patience.toMillis() + " ms");
			}
			return task.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			LastResort.log("Interrupted: " + failure, ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			LastResort.log("Unexpected: " + failure, ex);
		}
		return failure;
	}

	private List<Participant> of(ParticipantCall call) {
		return this.all.stream().filter((participant) -> participant.takesPartIn(call.moment())).toList();
	}

	private static @Nullable String callAll(List<Participant> called, ParticipantCall call, Duration limit) {
		String failure = null;
		for (Participant participant : called) {
			String failed = call.make(participant, limit);
			if (failed != null && call.decisive()) {
				return failed;
			}
			failure = (failure != null) ? failure : failed;
		}
		return failure;
	}

}
