package io.github.gracefulrestart.preflight;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.gracefulrestart.PreflightResult;

/**
 * Whether the limit of open descriptors leaves room for a restart. A successor inherits
 * the limit and the connections, and each of them has two ends for a moment.
 */
final class DescriptorCheck implements PlanCheck {

	private static final String NAME = "descriptors";

	/**
	 * For pipes, the control socket, and connections on their way.
	 */
	private static final long RESERVE = 128;

	private static final Pattern LIMIT = Pattern.compile("^Max open files\\s+(\\S+)", Pattern.MULTILINE);

	private final Path self;

	DescriptorCheck(Path proc) {
		this.self = proc.resolve("self");
	}

	@Override
	public List<PreflightResult> check(PlannedLaunch launch) {
		try {
			Matcher matcher = LIMIT.matcher(Files.readString(this.self.resolve("limits"), StandardCharsets.ISO_8859_1));
			if (!matcher.find() || matcher.group(1).equals("unlimited")) {
				return List.of(PreflightResult.passed(NAME, "the number of open descriptors is not limited"));
			}
			return List.of(compare(open(), Long.parseLong(matcher.group(1))));
		}
		catch (IOException | NumberFormatException ex) {
			return List.of(PreflightResult.warning(NAME, "cannot determine how many descriptors are open: " + ex));
		}
	}

	private long open() throws IOException {
		try (Stream<Path> entries = Files.list(this.self.resolve("fd"))) {
			return entries.count();
		}
	}

	private static PreflightResult compare(long open, long limit) {
		String found = open + " descriptors of at most " + limit + " (ulimit -n) are open";
		return (limit - open >= RESERVE) ? PreflightResult.passed(NAME, found)
				: PreflightResult.warning(NAME,
						found + ", and the successor has the same limit: connections may not "
								+ "find room there. Start the service with a higher one, " + (open * 2 + RESERVE)
								+ " for example");
	}

}
