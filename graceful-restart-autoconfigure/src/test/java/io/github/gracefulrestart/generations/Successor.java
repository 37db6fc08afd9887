package io.github.gracefulrestart.generations;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.state.Departure;
import io.github.gracefulrestart.successor.Links;
import io.github.gracefulrestart.successor.PredecessorLink;
import io.github.gracefulrestart.successor.SuccessorRun;

/**
 * A generation that was launched for a restart, as far as a JVM is one that has no
 * process of its own.
 */
public final class Successor implements Departure, AutoCloseable {

	private final Generation generation;

	private final PredecessorLink link;

	private final SuccessorRun run;

	private final List<Boolean> departures = new CopyOnWriteArrayList<>();

	private final List<Duration> limits = new CopyOnWriteArrayList<>();

	/**
	 * Launch one, which connects to its predecessor.
	 * @param flag who launches it
	 * @param directory where control sockets are made
	 * @param limits the limits
	 */
	public Successor(SuccessorFlag flag, Path directory, Limits limits) {
		this.link = PredecessorLink.open(flag);
		this.generation = new Generation(RestartPhase.INHERITING, flag.generation(), flag.predecessorPid(),
				this.link.listeners());
		this.run = new SuccessorRun(this.generation.state(), this.link, this.generation.listeners(),
				this.generation.hosts(), limits.settings(directory), this);
		this.run.begin();
	}

	/**
	 * Start the web server, which takes over the predecessor's socket.
	 * @throws IOException if the predecessor does not hand over
	 */
	public void start() throws IOException {
		this.generation.startServer();
	}

	/**
	 * The application is ready.
	 */
	public void ready() {
		this.run.ready();
	}

	/**
	 * The application has started, and must not serve.
	 * @param reason why not
	 */
	public void unfit(String reason) {
		this.run.unfit(reason);
	}

	/**
	 * The connection to the predecessor ends, as with the predecessor's process.
	 */
	public void cutOff() {
		Links.cut(this.link);
	}

	/**
	 * The process is told to stop.
	 * @param wanted whether the application was asked to shut down
	 */
	public void stop(boolean wanted) {
		this.run.stop(wanted);
	}

	public SuccessorRun run() {
		return this.run;
	}

	public PredecessorLink link() {
		return this.link;
	}

	public Generation generation() {
		return this.generation;
	}

	public RestartPhase phase() {
		return this.generation.phase();
	}

	public FakeHost host() {
		return this.generation.host();
	}

	/**
	 * Return whether it has ended by itself.
	 * @return whether all was drained, for each time that it has
	 */
	public List<Boolean> departures() {
		return List.copyOf(this.departures);
	}

	/**
	 * Return within what times it was to end.
	 * @return the limits
	 */
	public List<Duration> limits() {
		return List.copyOf(this.limits);
	}

	@Override
	public void leave(Long successorPid, boolean drained, Runnable left) {
		this.departures.add(drained);
	}

	@Override
	public void expect(Duration limit) {
		this.limits.add(limit);
	}

	/**
	 * End, as a process does.
	 */
	@Override
	public void close() throws IOException {
		Links.cut(this.link);
		this.generation.close();
	}

}
