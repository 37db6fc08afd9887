package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that come at every moment of a move: the connections go to and fro between two
 * servers some thousand times.
 */
class ConnectionMoveTimingTests {

	private static final int MOVES = 2000;

	/**
	 * Over how many microseconds requests are spread, from {@link #LEAD} before the move
	 * is begun. Each offset has its turn several times.
	 */
	private static final int WINDOW = 2000;

	private static final int LEAD = 250;

	/**
	 * Has no divisor in common with {@link #WINDOW}, so that offsets follow each other in
	 * no order.
	 */
	private static final int STRIDE = 787;

	private static final int PIPELINED = 3;

	private final ExecutorService executor = Executors.newSingleThreadExecutor();

	private MovingServer first;

	private MovingServer second;

	@BeforeEach
	void start() throws Exception {
		this.first = MovingServer.start("first", ConnectionMoveTimingTests::unlimited);
		this.second = MovingServer.start("second", ConnectionMoveTimingTests::unlimited);
		MovingServer.join(this.first, this.second);
	}

	private static void unlimited(TomcatServletWebServerFactory factory) {
		factory.addConnectorCustomizers((connector) -> connector.setProperty("maxKeepAliveRequests", "-1"));
	}

	@AfterEach
	void stop() throws IOException {
		this.executor.shutdownNow();
		this.first.close();
		this.second.close();
	}

	@Test
	void whenRequestsComeAtAnyMomentOfAMoveThenEachIsAnsweredOnce() throws Exception {
		Tally tally = new Tally();
		List<Client> clients = new ArrayList<>();
		for (Shape shape : Shape.values()) {
			clients.add(new Client(shape, this.first.connect()));
		}
		for (int move = 0; move < MOVES; move++) {
			MovingServer from = (move % 2 == 0) ? this.first : this.second;
			MovingServer to = (move % 2 == 0) ? this.second : this.first;
			round(move, from, to, clients, tally);
		}
		System.out.println("Requests around " + MOVES + " moves: " + tally);
		assertThat(tally.offsets).as("offsets in microseconds").hasSize(WINDOW);
		assertThat(tally.before).as(tally.toString()).isPositive();
		assertThat(tally.during).as(tally.toString()).isPositive();
		assertThat(tally.after).as(tally.toString()).isPositive();
		assertThat(tally.answeredBySender).as(tally.toString()).isPositive();
		assertThat(tally.answeredByReceiver).as(tally.toString()).isPositive();
		assertThat(this.first.servlet().served()).hasSizeGreaterThan(MOVES)
			.allSatisfy((query, times) -> assertThat(times + this.second.servlet().served().getOrDefault(query, 0))
				.as(query)
				.isEqualTo(1));
		assertThat(this.second.servlet().served()).hasSizeGreaterThan(MOVES)
			.allSatisfy((query, times) -> assertThat(times).as(query).isEqualTo(1));
		assertThat(this.first.countedConnections() + this.second.countedConnections()).isEqualTo(clients.size());
		for (Client client : clients) {
			client.http.close();
		}
	}

	private void round(int move, MovingServer from, MovingServer to, List<Client> clients, Tally tally)
			throws Exception {
		long begin = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(LEAD) + 50_000;
		Future<Long> end = this.executor.submit((Callable<Long>) () -> {
			awaitMoment(begin);
			from.moveAllTo(to);
			return System.nanoTime();
		});
		List<Piece> pieces = new ArrayList<>();
		for (int i = 0; i < clients.size(); i++) {
			int offset = (int) ((long) (move * clients.size() + i) * STRIDE % WINDOW);
			tally.offsets.add(offset);
			long due = begin + TimeUnit.MICROSECONDS.toNanos(offset - LEAD);
			pieces.addAll(clients.get(i).pieces(move, due));
		}
		pieces.sort(Comparator.comparingLong(Piece::due));
		long[] written = new long[pieces.size()];
		for (int i = 0; i < written.length; i++) {
			awaitMoment(pieces.get(i).due());
			written[i] = System.nanoTime();
			pieces.get(i).http().write(pieces.get(i).text());
		}
		for (Client client : clients) {
			for (String query : client.expected) {
				HttpAnswer answer = client.read(query);
				tally.answered(answer.text().startsWith(from.name()));
			}
		}
		long ended = end.get(MovingServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
		for (long moment : written) {
			tally.written(moment - begin, ended - begin);
		}
	}

	private static void awaitMoment(long moment) {
		while (moment - System.nanoTime() > 100_000) {
			LockSupport.parkNanos(20_000);
		}
		while (moment - System.nanoTime() > 0) {
			Thread.onSpinWait();
		}
	}

	private enum Shape {

		WHOLE, SPLIT, PIPELINED, PIPELINED_AND_SPLIT

	}

	private record Piece(RawHttp http, long due, String text) {

	}

	private static final class Client {

		private final Shape shape;

		private final RawHttp http;

		private final List<String> expected = new ArrayList<>();

		private Client(Shape shape, RawHttp http) {
			this.shape = shape;
			this.http = http;
		}

		private List<Piece> pieces(int move, long due) {
			this.expected.clear();
			boolean pipelined = this.shape == Shape.PIPELINED || this.shape == Shape.PIPELINED_AND_SPLIT;
			StringBuilder text = new StringBuilder();
			for (int i = 0; i < (pipelined ? PIPELINED : 1); i++) {
				String query = this.shape + "-" + move + "-" + i;
				this.expected.add(query);
				text.append("GET /?").append(query).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
			}
			if (this.shape == Shape.WHOLE || this.shape == Shape.PIPELINED) {
				return List.of(new Piece(this.http, due, text.toString()));
			}
			int split = 1 + move % (text.length() - 1);
			long gap = TimeUnit.MICROSECONDS.toNanos(move * 13L % 700);
			return List.of(new Piece(this.http, due, text.substring(0, split)),
					new Piece(this.http, due + gap, text.substring(split)));
		}

		private HttpAnswer read(String query) throws RequestFailedException {
			HttpAnswer answer = this.http.read();
			assertThat(answer.status()).as(query).isEqualTo(200);
			assertThat(answer.text()).contains(" " + query + " ").contains(":" + this.http.localPort() + " to ");
			assertThat(answer.close()).as("told to close with " + query).isFalse();
			return answer;
		}

	}

	private static final class Tally {

		private final Set<Integer> offsets = new HashSet<>();

		private int before;

		private int during;

		private int after;

		private int answeredBySender;

		private int answeredByReceiver;

		private void written(long sinceBegin, long duration) {
			if (sinceBegin < 0) {
				this.before++;
			}
			else if (sinceBegin < duration) {
				this.during++;
			}
			else {
				this.after++;
			}
		}

		private void answered(boolean bySender) {
			if (bySender) {
				this.answeredBySender++;
			}
			else {
				this.answeredByReceiver++;
			}
		}

		@Override
		public String toString() {
			return this.before + " pieces written before, " + this.during + " during, " + this.after + " after; "
					+ this.answeredBySender + " requests answered by the sender, " + this.answeredByReceiver
					+ " by the receiver";
		}

	}

}
