package io.github.gracefulrestart.supervisor;

import java.io.IOException;

import io.github.gracefulrestart.SuccessorLaunch;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.state.InternalParticipant;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Makes the kernel kill the generation that does not serve when two JVMs need more memory
 * than there is. By default the kernel kills the larger process, which is the
 * predecessor.
 * <p>
 * While a successor starts, the successor is killed first. From the takeover on it is the
 * predecessor, unless the end of that process is the end of the service: then it is the
 * successor, until the predecessor has exited, because the predecessor can still roll
 * back.
 */
public final class OomScoreParticipant implements InternalParticipant, Ordered {

	/**
	 * The variable with the value that a successor sets when it serves.
	 */
	static final String VARIABLE = "GRACEFUL_RESTART_OOM_SCORE_ADJ";

	private static final Log logger = LogFactory.getLog(OomScoreParticipant.class);

	private final OomScore score;

	private final boolean becomesKeeper;

	private final boolean followsFirst;

	private final @Nullable Integer inherited;

	private volatile @Nullable Integer normal;

	/**
	 * Create a participant of this process.
	 * @param supervision the supervision of this process
	 */
	public OomScoreParticipant(Supervision supervision) {
		this(OomScore.ofThisMachine(), supervision.kind() == Supervision.Kind.KEEPER && supervision.keeper() == null,
				isKeeper(supervision.keeper(), SuccessorFlag.own()),
				(SuccessorFlag.own() != null) ? System.getenv(VARIABLE) : null);
	}

	private static boolean isKeeper(@Nullable Long keeper, @Nullable SuccessorFlag flag) {
		return keeper != null && flag != null && flag.predecessorPid() == keeper;
	}

	/**
	 * Create a participant.
	 * @param score the kernel's values
	 * @param becomesKeeper whether this process becomes the keeper of its successor, so
	 * that its death is the end of the service
	 * @param followsFirst whether its predecessor becomes the keeper
	 * @param inherited the value of the variable
	 */
	OomScoreParticipant(OomScore score, boolean becomesKeeper, boolean followsFirst, @Nullable String inherited) {
		this.score = score;
		this.becomesKeeper = becomesKeeper;
		this.followsFirst = followsFirst;
		this.inherited = (inherited != null && inherited.matches("-?[0-9]{1,4}")) ? Integer.valueOf(inherited) : null;
	}

	@Override
	public int getOrder() {
		// First, because memory may be short from the start
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void beforeLaunch(SuccessorLaunch launch) {
		attempt(() -> {
			int own = this.score.own();
			this.normal = own;
			launch.environment(VARIABLE, Integer.toString(own));
		});
	}

	@Override
	public void launched(long successorPid) {
		if (this.normal != null) {
			attempt(() -> this.score.sacrifice(successorPid));
		}
	}

	@Override
	public void takenOver() {
		if (!this.followsFirst) {
			serve();
		}
	}

	@Override
	public void resign() {
		if (this.normal != null && !this.becomesKeeper) {
			attempt(this.score::sacrificeOwn);
		}
	}

	@Override
	public void resume() {
		Integer value = this.normal;
		if (value != null) {
			attempt(() -> this.score.setOwn(value));
		}
	}

	@Override
	public void alone() {
		serve();
	}

	private void serve() {
		if (this.inherited != null) {
			int value = this.inherited;
			attempt(() -> this.score.setOwn(value));
		}
	}

	/**
	 * A failure is only logged, because a restart works without this as long as there is
	 * enough memory.
	 */
	private static void attempt(Attempt attempt) {
		try {
			attempt.run();
		}
		catch (IOException ex) {
			logger.warn("Cannot tell the kernel which process to kill when memory runs out (oom_score_adj): " + ex
					+ ". The service goes on");
		}
	}

	private interface Attempt {

		void run() throws IOException;

	}

}
