package io.github.gracefulrestart.handover;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.handover.Message.Abort;
import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Connections;
import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.handover.Message.Left;
import io.github.gracefulrestart.handover.Message.Ping;
import io.github.gracefulrestart.handover.Message.Pong;
import io.github.gracefulrestart.handover.Message.Proceed;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.handover.Message.Refused;
import io.github.gracefulrestart.handover.Message.Relieved;
import io.github.gracefulrestart.handover.Message.Report;
import io.github.gracefulrestart.handover.Message.Serving;
import io.github.gracefulrestart.handover.Message.Stopping;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.ListenerKey;

/**
 * One message of each type.
 */
final class Messages {

	private Messages() {
	}

	static List<Message> all() {
		List<ListenerKey> listeners = List.of(new ListenerKey("server", "*:8080"),
				new ListenerKey("/run/\u00e4\ud83d\ude80.sock", "unix:/run/\u00e4\ud83d\ude80.sock"));
		return List.of(new Hello("0123456789abcdef", List.of("one", "two")), new Refused("its token is wrong"),
				new Welcome(7, listeners, List.of("one")), new Ready(),
				new Failed("Port 8080 is taken", "line 1\nline 2\n\u20ac"), new Proceed(), new Serving(listeners, 64),
				new Relieved(10_000), new Report(Map.of("trigger", "signal USR2", "empty", "")),
				new Abort("told to stop"),
				new Connections(3, listeners.get(0),
						List.of(new ConnectionState(Duration.ofMillis(1234), 17),
								new ConnectionState(Duration.ZERO, -1))),
				new Adopted(3, List.of(1, 65_535), "too many open files", 0), new TakeBack("the disk is full"),
				new Ping(), new Pong(), new Stopping(true), new Left());
	}

}
