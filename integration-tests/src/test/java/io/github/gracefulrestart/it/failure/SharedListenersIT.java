package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.it.Sockets;
import io.github.gracefulrestart.testsupport.FileTree;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What predecessor and successor share, sockets and files, belongs to the one that
 * serves. Until a successor does, everything is as if it had never been launched, down to
 * the last option that the kernel shows.
 */
class SharedListenersIT extends WithFailingService {

	private static final int QUEUE = 77;

	private static final Path SOCKET = Path.of("run", "service.sock");

	private static final Pattern SOCKET_NAME = Pattern.compile("socket:\\[(\\d+)]");

	private static final String PROFILE = "spring.profiles.active=unix-socket";

	/** What the new configuration wants otherwise. */
	private static final String OTHER_QUEUE = queue(3);

	private Path directory;

	private int port;

	@Test
	void whenASuccessorDoesNotServeThenNothingHasChanged() throws Exception {
		SampleService.Builder builder = SampleService.named("shared-listeners").defaultProbation();
		this.directory = builder.directory();
		Files.createDirectory(this.directory.resolve("run"));
		Files.writeString(this.directory.resolve("application.properties"), PROFILE + "\n" + queue(QUEUE));
		this.service = FailingService.start(builder.args("--sample.unix-socket=" + SOCKET,
				"--server.tomcat.basedir=base", "--graceful.restart.health-check.interval=200ms"));
		this.port = this.service.service().port();
		this.service.startLoad();
		List<String> before = snapshot();
		assertThat(Sockets.listening(SOCKET)).contains(" " + QUEUE + " ");

		this.service.configure(PROFILE, OTHER_QUEUE, "graceful.restart.probation=0s");
		HttpAnswer answer = this.service.reload("?dry-run=true&boot=true");
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		assertUnchanged("dry run", before);

		this.service.configure(PROFILE, OTHER_QUEUE, "sample.exit-start=3");
		assertThat(this.service.reload("?wait=true").status()).isEqualTo(500);
		assertUnchanged("failed start", before);

		this.service.configure(PROFILE, OTHER_QUEUE, "graceful.restart.probation=0s");
		long predecessor = this.service.service().pid();
		rolledBack(predecessor, before, "endpoint");
		rolledBack(predecessor, before, "TERM");
		rolledBack(predecessor, before, "broken");
		this.service.assertNothingLost();

		this.service.restart();
		assertThat(Sockets.backlog(this.port)).isEqualTo(3);
		assertThat(Sockets.listening(SOCKET)).contains(" 3 ");
		assertThat(file(SOCKET)).as("path after the restart").isIn(before);
		assertConnects();

		this.service.configure("graceful.restart.probation=0s");
		this.service.restart();
		assertThat(this.directory.resolve("run")).as("the new configuration has no such listener").isEmptyDirectory();

		this.service.configure(PROFILE);
		this.service.restart();
		assertConnects();
		// Tomcat names threads that belong to a web application and outlive it
		assertThat(this.service.process().output()).doesNotContain("appears to have started a thread");
		this.service.process().close();
		assertThat(this.directory.resolve("run")).as("the service was stopped").isEmptyDirectory();
	}

	private static String queue(int length) {
		return "server.tomcat.accept-count=" + length + "\nsample.unix-socket-queue=" + length;
	}

	private void rolledBack(long predecessor, List<String> before, String how) throws Exception {
		long successor = this.service.trigger();
		this.service.awaitOutput(LogLines.CAN_ROLL_BACK);
		this.service.suspend(predecessor);
		assertThat(Sockets.backlog(this.port)).as("of the successor").isEqualTo(3);
		switch (how) {
			case "endpoint" -> assertThat(this.service.service().request("DELETE", this.port, "/actuator/reload").pid())
				.isEqualTo(successor);
			case "TERM" -> this.service.process().signal(successor, how);
			default -> assertThat(this.service.service().post("/fail?how=break").pid()).isEqualTo(successor);
		}
		this.service.resume(predecessor);
		this.service.awaitFailure(predecessor, successor, "rolled back");
		assertUnchanged("roll back by " + how, before);
	}

	private void assertUnchanged(String event, List<String> before) throws Exception {
		await("an end in order").atMost(FailingService.PATIENCE)
			.until(() -> this.service.process().running().size() == 1);
		assertThat(snapshot()).as(event).isEqualTo(before);
		assertConnects();
	}

	private void assertConnects() throws IOException {
		// Relative, because the path in a socket address must not be long
		Path path = Path.of("").toAbsolutePath().relativize(this.directory.resolve(SOCKET));
		try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
			assertThat(client.isConnected()).isTrue();
		}
	}

	private List<String> snapshot() throws Exception {
		String tcp = Sockets.listening(this.port);
		String unix = Sockets.listening(SOCKET);
		List<String> snapshot = new ArrayList<>();
		snapshot.add(withoutWaiting(tcp));
		snapshot.add(withoutWaiting(unix));
		snapshot.addAll(flags(tcp + unix));
		for (Path path : List.of(Path.of("run"), SOCKET, Path.of("base"))) {
			snapshot.add(file(path));
		}
		for (Path path : FileTree.list(this.directory.resolve("base"))) {
			snapshot.add(file(Path.of("base").resolve(path)));
		}
		return snapshot;
	}

	/**
	 * The connections of the load wait in the queue for a moment, and columns are as wide
	 * as other sockets of the machine make them.
	 */
	private static String withoutWaiting(String listening) {
		return listening.replaceAll("\\s+", " ")
			.replaceFirst("LISTEN \\d+", "LISTEN")
			.replaceFirst(" unacked:\\d+", "");
	}

	/**
	 * The file, and when something was last created in it or deleted, if it is a
	 * directory.
	 */
	private String file(Path path) throws IOException {
		return path + " " + Files.readAttributes(this.directory.resolve(path),
				"unix:ino,mode,uid,gid,lastModifiedTime,nlink", LinkOption.NOFOLLOW_LINKS);
	}

	/**
	 * What the kernel says of the descriptors of the sockets: whether they block, for
	 * example, which is a property of the shared socket and not of the descriptor.
	 */
	private List<String> flags(String sockets) throws IOException {
		long pid = this.service.service().pid();
		List<String> flags = new ArrayList<>();
		for (Map.Entry<Integer, String> descriptor : ProcFs.descriptors(pid).entrySet()) {
			Matcher socket = SOCKET_NAME.matcher(descriptor.getValue());
			if (socket.matches() && Pattern.compile("\\b" + socket.group(1) + "\\b").matcher(sockets).find()) {
				flags.add(socket.group() + " "
						+ Files.readAllLines(Path.of("/proc/" + pid + "/fdinfo/" + descriptor.getKey())).get(1));
			}
		}
		assertThat(flags).hasSize(2);
		return flags.stream().sorted().toList();
	}

}
