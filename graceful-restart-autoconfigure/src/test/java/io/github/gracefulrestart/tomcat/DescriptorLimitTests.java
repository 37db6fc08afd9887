package io.github.gracefulrestart.tomcat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Moves at the limit of open files, in a process of their own that has a low one.
 */
class DescriptorLimitTests {

	private static final int CONNECTIONS = 60;

	/** Of which a good half is for the class path. */
	private static final int LIMIT = 400;

	private Process process;

	@AfterEach
	void end() throws InterruptedException {
		this.process.destroyForcibly();
		assertThat(this.process.waitFor(MovingServer.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
	}

	/**
	 * Moves connections while only some descriptors are left.
	 * @param left how many
	 * @param capacity how many connections the sender believes there is room for, or -1
	 * if it asks
	 * @param expected what the log says
	 */
	@ParameterizedTest
	@CsvSource({ "130, -1, moved 60", "64, -1, the successor has reached its limit of open files",
			"30, 200, descriptors came for 60 connections" })
	void whenDescriptorsRunOutThenNoConnectionIsLost(int left, int capacity, String expected) throws Exception {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		this.process = new ProcessBuilder("bash", "-c", "ulimit -n " + LIMIT + "; exec \"$0\" \"$@\"", java, "-Xmx128m",
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				Child.class.getName(), String.valueOf(left), String.valueOf(capacity))
			.redirectErrorStream(true)
			.start();
		StringBuilder output = new StringBuilder();
		try (BufferedReader in = this.process.inputReader(StandardCharsets.UTF_8);
				PrintStream out = new PrintStream(this.process.getOutputStream(), true, StandardCharsets.UTF_8)) {
			int port = Integer.parseInt(awaitLine(in, output, "port "));
			List<RawHttp> clients = new ArrayList<>();
			for (int i = 0; i < CONNECTIONS; i++) {
				clients.add(RawHttp.connect(port, false, MovingServer.PATIENCE));
				assertThat(clients.get(i).get("/").status()).isEqualTo(200);
			}
			out.println("move");
			int moved = Integer.parseInt(awaitLine(in, output, "moved "));
			int bySecond = 0;
			for (RawHttp client : clients) {
				HttpAnswer answer = client.get("/");
				assertThat(answer.status()).isEqualTo(200);
				boolean second = answer.text().startsWith("second ");
				bySecond += second ? 1 : 0;
				assertThat(answer.close()).as("told to go by " + answer.text()).isEqualTo(!second);
			}
			assertThat(bySecond).isEqualTo(moved);
			assertThat(output).contains(expected);
			clients.forEach(RawHttp::close);
		}
	}

	private static String awaitLine(BufferedReader in, StringBuilder output, String begin) throws IOException {
		for (String line = in.readLine(); line != null; line = in.readLine()) {
			output.append(line).append('\n');
			if (line.startsWith(begin)) {
				return line.substring(begin.length());
			}
		}
		throw new AssertionError("The process has ended:\n" + output);
	}

	/**
	 * Two servers in a process that can open few files.
	 */
	public static final class Child {

		private Child() {
		}

		/**
		 * Serve until killed.
		 * @param arguments the descriptors to leave, and the capacity to assume
		 * @throws Exception if anything goes wrong
		 */
		public static void main(String[] arguments) throws Exception {
			int left = Integer.parseInt(arguments[0]);
			int capacity = Integer.parseInt(arguments[1]);
			MovingServer first = MovingServer.start("first");
			MovingServer second = MovingServer.start("second");
			MovingServer.join(first, second);
			// Load what a move needs, files included
			try (RawHttp client = first.connect()) {
				client.get("/");
				first.moveAllTo(second);
				client.get("/");
			}
			System.out.println("port " + first.port());
			BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			in.readLine();
			List<Pipe> fillers = new ArrayList<>();
			while (Descriptors.available() > left + 1) {
				fillers.add(Pipe.open());
			}
			first.beginDrain((capacity >= 0) ? capacity : second.capacity());
			int[] idle = new int[1];
			first.stepUntil(() -> first.host().connections().total() == 0 || idle[0]++ > 200);
			for (Pipe filler : fillers) {
				filler.source().close();
				filler.sink().close();
			}
			System.out.println("moved " + first.drain().summary().moved());
			in.readLine();
		}

	}

}
