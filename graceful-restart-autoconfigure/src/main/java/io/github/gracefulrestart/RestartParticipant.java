package io.github.gracefulrestart;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Takes part in restarts: something outside the web server that one generation of the
 * service hands to the next, or that has to know which of them is the service. Pid files,
 * service managers, locks, exclusive work and warm-up are participants. All beans of this
 * type are called, in the JVM that the method names.
 * <p>
 * <b>Order.</b> A JVM calls its participants one after the other, those with a lower
 * {@link Ordered order} first ({@link Order @Order} on the class or on the bean's
 * method). One moment is over for all participants before the next one begins, so that a
 * participant is never called by two threads at the same time, unless it has exceeded its
 * limit. A restart goes through these moments:
 * <table border="1">
 * <caption>Moments of a restart</caption>
 * <tr>
 * <th>moment</th>
 * <th>predecessor</th>
 * <th>successor</th>
 * </tr>
 * <tr>
 * <td>the preflight has passed</td>
 * <td>{@link #beforeLaunch beforeLaunch}</td>
 * <td></td>
 * </tr>
 * <tr>
 * <td>the process runs</td>
 * <td>{@link #launched launched}</td>
 * <td></td>
 * </tr>
 * <tr>
 * <td>the application is ready</td>
 * <td></td>
 * <td>{@link #warmUp warmUp}</td>
 * </tr>
 * <tr>
 * <td>the successor accepts, the predecessor does not</td>
 * <td>{@link #resign resign}</td>
 * <td>{@link #takenOver takenOver}</td>
 * </tr>
 * <tr>
 * <td>the predecessor has finished, and exits</td>
 * <td>{@link #leaving leaving}</td>
 * <td>{@link #alone alone}</td>
 * </tr>
 * <tr>
 * <td>or: the restart fails or is rolled back</td>
 * <td>{@link #resume resume}</td>
 * <td></td>
 * </tr>
 * <tr>
 * <td>or: the service is told to stop meanwhile</td>
 * <td>{@link #stopping stopping}</td>
 * <td></td>
 * </tr>
 * </table>
 * After {@code beforeLaunch} exactly one of {@code leaving}, {@code resume} and
 * {@code stopping} is called, unless the JVM dies. Between two processes there is no
 * order but the one stated: {@code resign} and {@code takenOver} happen at about the same
 * time.
 * <p>
 * <b>Thread and time.</b> Each call runs on a thread of its own, never on one that serves
 * or that the restart needs, and may block. It has a limit,
 * {@code graceful.restart.participant-timeout}. When that passes, the thread is
 * interrupted and the restart continues without this participant. Only {@code warmUp} may
 * take as long as the successor may take to start. The restart waits for the end of
 * {@code beforeLaunch}, {@code warmUp}, {@code stopping} and {@code leaving}; it does not
 * wait for the others.
 * <p>
 * <b>Exceptions.</b> Exceptions are logged with the name of the bean, and the service
 * continues. Only {@code beforeLaunch} and {@code warmUp} can end a restart, and only
 * before anything was handed over.
 * <p>
 * To be notified only, when the restart need not wait, an {@code @EventListener} of
 * {@link RestartPhaseEvent}, {@link PredecessorGoneEvent} or {@link RestartEndedEvent} is
 * enough.
 *
 * @since 0.1.0
 */
public interface RestartParticipant {

	/**
	 * In the predecessor: a successor is about to be launched. An exception refuses the
	 * restart, with its message as the reason, and so does exceeding the limit; nothing
	 * has changed then. {@link #resume} is called for the participants that were called
	 * before.
	 * @param launch the launch, to which environment variables may be added
	 * @throws Exception to refuse the restart
	 */
	default void beforeLaunch(SuccessorLaunch launch) throws Exception {
	}

	/**
	 * In the predecessor: the successor process runs. It is starting, and does not serve
	 * yet.
	 * @param successorPid its process id
	 * @throws Exception for the log
	 */
	default void launched(long successorPid) throws Exception {
	}

	/**
	 * In the successor: the application is ready, and the predecessor serves. The
	 * successor takes over when all participants have returned. An exception, or
	 * exceeding the limit, fails the start of the successor: the predecessor continues to
	 * serve, and its log and report name the reason. If the predecessor has died, the
	 * successor serves nevertheless.
	 * <p>
	 * Also called in the successor of a dry run, which never serves. Not called in a
	 * first generation.
	 * @throws Exception to say that this process must not serve
	 */
	default void warmUp() throws Exception {
	}

	/**
	 * In the successor: it accepts connections, and the predecessor knows it. During
	 * probation, the predecessor can still roll back.
	 * @throws Exception for the log
	 */
	default void takenOver() throws Exception {
	}

	/**
	 * In the predecessor: the successor accepts connections, and this process does not
	 * any longer. It completes its requests, and may have to resume.
	 * @throws Exception for the log
	 */
	default void resign() throws Exception {
	}

	/**
	 * In the predecessor: the restart has failed, was refused, rolled back, or was a dry
	 * run. This process accepts connections. A successor that was launched is told to
	 * exit at the same time, and may still run for a while.
	 * @throws Exception for the log
	 */
	default void resume() throws Exception {
	}

	/**
	 * In the predecessor: the service is told to stop while a successor runs. The
	 * successor is stopped after this call returns, and this process exits last.
	 * @throws Exception for the log
	 */
	default void stopping() throws Exception {
	}

	/**
	 * In the predecessor: it has completed the drain, can no longer resume, and exits.
	 * The application context is closed after this call returns.
	 * @param successorPid the process id of the successor, which is the service from now
	 * on
	 * @throws Exception for the log
	 */
	default void leaving(long successorPid) throws Exception {
	}

	/**
	 * In the successor: the predecessor has exited, and no other generation runs. In a
	 * first generation: the application is ready. A {@link PredecessorGoneEvent} is
	 * published at the same moment.
	 * @throws Exception for the log
	 */
	default void alone() throws Exception {
	}

}
