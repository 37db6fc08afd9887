package io.github.gracefulrestart.boot;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.engine.Lineage;
import io.github.gracefulrestart.process.LaunchOrigin;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.successor.PredecessorLink;
import io.github.gracefulrestart.trigger.SignalTrigger;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The state that a JVM has once, however many application contexts it has at the same
 * time or in turn: a predecessor, and signals. Therefore static, like
 * {@link ApplicationContexts} and nothing else in this starter.
 */
public final class ThisJvm {

	private static final Log logger = RestartLog.LOG;

	private static final Map<List<String>, SignalTrigger> triggers = new HashMap<>();

	private static final List<Target> targets = new ArrayList<>();

	private static @Nullable PredecessorLink link;

	private static @Nullable LaunchOrigin origin;

	private static @Nullable WeakReference<ConfigurableApplicationContext> successor;

	private ThisJvm() {
	}

	/**
	 * Start to connect to the predecessor, if there is one.
	 */
	static synchronized void connect() {
		if (link == null) {
			SuccessorFlag flag = SuccessorFlag.own();
			link = (flag != null) ? PredecessorLink.open(flag) : null;
		}
	}

	/**
	 * Return how this JVM was started. It is found out once: by the time another
	 * application is started in this JVM, symbolic links may lead elsewhere.
	 * @return how it was started
	 */
	public static synchronized LaunchOrigin origin() {
		if (origin == null) {
			origin = LaunchOrigin.of(EarlyStartListener.OPEN_EARLY, SuccessorFlag.own());
		}
		return origin;
	}

	/**
	 * Return the connection to the predecessor, whether or not it is still there.
	 */
	static synchronized @Nullable PredecessorLink link() {
		return link;
	}

	/**
	 * Return the generation that a context belongs to, and whether it takes over. The
	 * first one with a web server takes over from the predecessor; those beside it, and
	 * one that replaces it, open their listeners themselves.
	 * @param context the context
	 * @return the generation, with the connection to the predecessor if the context takes
	 * over
	 */
	public static synchronized Lineage lineage(ConfigurableApplicationContext context) {
		if (link == null) {
			return Lineage.FIRST;
		}
		if (successor == null && context instanceof WebServerApplicationContext) {
			successor = new WeakReference<>(context);
		}
		boolean takesOver = successor != null && successor.get() == context;
		return new Lineage(link.flag().generation(), takesOver ? link : null);
	}

	/**
	 * End this process if the context that was to take over, or has just done so, was
	 * closed while the predecessor can roll back: the predecessor takes this as the end
	 * of the restart and serves again, and another context could not listen on its
	 * addresses. A predecessor that has reported exits, and the new context waits for
	 * that.
	 */
	static void endIfTakenBack() {
		PredecessorLink closed = linkOfClosedSuccessor();
		if (closed != null && closed.canTakeBack()) {
			logger.error("The application context was closed while the predecessor (pid "
					+ closed.flag().predecessorPid()
					+ ") of this process was still running. The predecessor serves again, and this process exits without "
					+ "starting another context. Do not close and run a context again before the predecessor has exited");
			System.exit(1);
		}
	}

	private static synchronized @Nullable PredecessorLink linkOfClosedSuccessor() {
		if (successor == null) {
			return null;
		}
		ConfigurableApplicationContext context = successor.get();
		return (context == null || !context.isActive()) ? link : null;
	}

	/**
	 * Return the trigger of these signals, which is installed only once: a second one
	 * would find the handlers of the first.
	 * @param signals names of signals without {@code SIG}
	 */
	static synchronized SignalTrigger trigger(List<String> signals) {
		Long predecessor = (link != null) ? link.flag().predecessorPid() : null;
		SignalTrigger trigger = triggers.computeIfAbsent(signals, (names) -> SignalTrigger.install(names, predecessor));
		aim();
		return trigger;
	}

	/**
	 * Let signals reach a context.
	 * @param context the context
	 * @param restarter its restarter
	 */
	static synchronized void attach(ApplicationContext context, Restarter restarter) {
		targets.removeIf((target) -> target.context() == context);
		targets.add(new Target(context, restarter));
		aim();
	}

	/**
	 * Let signals no longer reach a context.
	 * @param context the context
	 */
	static synchronized void detach(ApplicationContext context) {
		targets.removeIf((target) -> target.context() == context);
		aim();
	}

	/**
	 * A signal is sent to the process. It is passed on to the context that serves, and of
	 * several to the last one.
	 */
	private static void aim() {
		Target best = null;
		for (Target target : targets) {
			best = (best == null || target.serves() || !best.serves()) ? target : best;
		}
		for (SignalTrigger trigger : triggers.values()) {
			if (best != null) {
				trigger.attach(best.restarter());
			}
			else {
				trigger.detach();
			}
		}
	}

	private record Target(ApplicationContext context, Restarter restarter) {

		boolean serves() {
			return this.context instanceof WebServerApplicationContext;
		}

	}

}
