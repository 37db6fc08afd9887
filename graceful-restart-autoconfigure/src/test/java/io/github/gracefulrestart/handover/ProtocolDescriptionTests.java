package io.github.gracefulrestart.handover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code docs/protocol.md} says of the messages is what they are.
 */
class ProtocolDescriptionTests {

	private static final String NONE = "\u2013";

	@Test
	void theTableOfMessagesIsWhatIsSpoken() throws IOException {
		List<String> rows = Files.readAllLines(Path.of("../docs/protocol.md"))
			.stream()
			.filter((line) -> line.matches("\\| [A-Z_]+ \\| \\d+ \\| (predecessor|successor) \\| .*"))
			.toList();
		assertThat(rows.stream().map((row) -> cells(row).get(1) + " " + cells(row).get(2) + " " + cells(row).get(4)))
			.containsExactlyElementsOf(
					Arrays.stream(Message.Type.values()).map(ProtocolDescriptionTests::row).toList());
	}

	private static String row(Message.Type type) {
		String fields = type.layout().fields();
		return type + " " + Byte.toUnsignedInt(type.code()) + " " + (fields.isEmpty() ? NONE : fields);
	}

	private static List<String> cells(String row) {
		return Arrays.stream(row.split("\\|")).map(String::strip).toList();
	}

}
