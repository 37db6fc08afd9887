package io.github.gracefulrestart.state;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

import io.github.gracefulrestart.RestartParticipant;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Calls one participant, within a limit and on a thread of its own.
 */
final class ParticipantCall {

	private static final Log logger = RestartLog.LOG;

	private final String moment;

	private final boolean decisive;

	private final Target target;

	private ParticipantCall(String moment, boolean decisive, Target target) {
		this.moment = moment;
		this.decisive = decisive;
		this.target = target;
	}

	/**
	 * Create a call that tells a participant something.
	 * @param moment the name of the method, for the log
	 * @param target calls it
	 * @return the call
	 */
	static ParticipantCall telling(String moment, Target target) {
		return new ParticipantCall(moment, false, target);
	}

	/**
	 * Create a call that may refuse the restart. The first refusal ends it.
	 * @param moment the name of the method, for the log
	 * @param target calls it
	 * @return the call
	 */
	static ParticipantCall asking(String moment, Target target) {
		return new ParticipantCall(moment, true, target);
	}

	String moment() {
		return this.moment;
	}

	boolean decisive() {
		return this.decisive;
	}

	/**
	 * Call a participant. Never fails.
	 * @param participant the participant
	 * @param limit how long it may take
	 * @return the failure, which has been logged, or {@code null} if there was none
	 */
	@Nullable String make(Participant participant, Duration limit) {
		long start = System.nanoTime();
		try {
			FutureTask<@Nullable Void> task = new FutureTask<>(() -> {
				this.target.call(participant.target());
				return null;
			});
			Thread thread = Threads.start("graceful-restart-participant", task, true);
			if (new Ticker().await(task, limit)) {
				task.get();
				completed(participant, Duration.ofNanos(System.nanoTime() - start));
				return null;
			}
			Throwable where = new TimeoutException("this is where it was");
			where.setStackTrace(thread.getStackTrace());
			task.cancel(true);
			return failed(participant + " has not completed " + this.moment + " within " + limit.toMillis() + " ms",
					where);
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			return failed(participant + " failed in " + this.moment + ": " + describe(cause), cause);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return failed(participant + " was interrupted in " + this.moment, ex);
		}
		catch (Throwable ex) {
			// For lack of a thread or of memory
			return failed(participant + " could not be called for " + this.moment + ": " + ex, ex);
		}
	}

	private void completed(Participant participant, Duration time) {
		String what = StringUtils.capitalize(participant.toString()) + " has completed " + this.moment + " in "
				+ time.toMillis() + " ms";
		if (participant.target() instanceof InternalParticipant) {
			logger.debug(what);
		}
		else {
			logger.info(what);
		}
	}

	private String failed(String what, Throwable failure) {
		LastResort.log(StringUtils.capitalize(what) + (this.decisive ? "" : ". The service goes on without it"),
				failure);
		return what;
	}

	private static String describe(Throwable failure) {
		String message = failure.getMessage();
		return (failure instanceof Exception && message != null && !message.isBlank()) ? message : failure.toString();
	}

	/**
	 * One of the methods of a participant.
	 */
	@FunctionalInterface
	interface Target {

		/**
		 * Call it.
		 * @param participant the participant
		 * @throws Exception if it does
		 */
		void call(RestartParticipant participant) throws Exception;

	}

}
