package io.github.gracefulrestart.process;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Files that are open in this JVM, seen as if little else were.
 */
class InheritedDescriptorsTests {

	private static final int LAST = 100_000;

	@TempDir
	Path directory;

	private FileChannel channel;

	@AfterEach
	void close() throws Exception {
		this.channel.close();
	}

	@Test
	void whenCreatedOrWrittenSinceTheStartThenIsOfTheApplication() throws Exception {
		Map.Entry<Integer, String> file = open("audit.log");
		assertThat(InheritedDescriptors.ofFirstGeneration(Map.ofEntries(file)).present()).isEmpty();
		Files.setLastModifiedTime(Path.of(file.getValue()), FileTime.from(Instant.EPOCH));
		assertThat(InheritedDescriptors.ofFirstGeneration(Map.ofEntries(file)).present())
			.containsExactly(file.getKey());
		// By another process, for example
		Files.writeString(Path.of(file.getValue()), "a line");
		assertThat(InheritedDescriptors.ofFirstGeneration(Map.ofEntries(file)).present())
			.containsExactly(file.getKey());
		this.channel.write(ByteBuffer.wrap(new byte[] { 'a' }));
		assertThat(InheritedDescriptors.ofFirstGeneration(Map.ofEntries(file)).present()).isEmpty();
	}

	@Test
	void whenASuccessorOpensAFileByItselfThenItWasNotOpenedByTheLaunchLine() throws Exception {
		Map.Entry<Integer, String> given = open("audit.log");
		String listed = given.getKey().toString();
		try (FileChannel again = FileChannel.open(Path.of(given.getValue()), StandardOpenOption.WRITE)) {
			assertThat(again.isOpen()).isTrue();
			assertThat(InheritedDescriptors.ofSuccessor(InheritedDescriptors.open(), listed, false).present())
				.isEmpty();
			// Both were given
			String both = InheritedDescriptors.open()
				.entrySet()
				.stream()
				.filter((entry) -> entry.getValue().equals(given.getValue()))
				.map((entry) -> entry.getKey().toString())
				.collect(Collectors.joining(","));
			assertThat(InheritedDescriptors.ofSuccessor(InheritedDescriptors.open(), both, false).present()).hasSize(2)
				.contains(given.getKey());
		}
		try (FileChannel other = FileChannel.open(Path.of(given.getValue()), StandardOpenOption.READ)) {
			assertThat(other.isOpen()).isTrue();
			assertThat(InheritedDescriptors.ofSuccessor(InheritedDescriptors.open(), listed, false).present())
				.containsExactly(given.getKey());
		}
	}

	@Test
	void whenListedThenIsCheckedLikeTheOthers() throws Exception {
		Map.Entry<Integer, String> file = open("library.jar");
		assertThat(InheritedDescriptors.ofSuccessor(Map.ofEntries(file), file.getKey().toString(), false).present())
			.isEmpty();
		this.channel.close();
		file = open("audit.log");
		assertThat(InheritedDescriptors.ofSuccessor(Map.ofEntries(file), file.getKey().toString(), false).present())
			.containsExactly(file.getKey());
	}

	@Test
	void whenAProgramIsBetweenThenTheNumbersOfTheLaunchAreNotItsOwn() throws Exception {
		Map.Entry<Integer, String> file = open("audit.log");
		assertThat(file.getKey()).isGreaterThan(10);
		Map<Integer, String> early = Map.ofEntries(file,
				Map.entry(LAST, System.getProperty("java.home") + "/lib/modules"));
		assertThat(InheritedDescriptors.ofFirstGeneration(early).present()).containsExactly(file.getKey());
		assertThat(InheritedDescriptors.ofSuccessor(early, null, true).present()).isEmpty();
	}

	private Map.Entry<Integer, String> open(String name) throws Exception {
		Path file = this.directory.resolve(name);
		this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		String target = file.toRealPath().toString();
		return InheritedDescriptors.open()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(target))
			.findFirst()
			.orElseThrow();
	}

}
