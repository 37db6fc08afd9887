package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DescriptorTests {

	@Test
	void whenClosedTwiceThenDoesNotCloseWhoGotTheNumberNext() throws IOException {
		Descriptor first = duplicate(0);
		int number = first.number();
		first.close();
		Descriptor second = new Descriptor(Native.check(Native.posix().dup2(0, number), "dup2"));
		first.close();
		assertThat(Files.exists(Path.of("/proc/self/fd/" + number))).isTrue();
		second.close();
		assertThat(Files.exists(Path.of("/proc/self/fd/" + number))).isFalse();
	}

	@Test
	void whenClosedThenCannotBeUsed() throws IOException {
		Descriptor descriptor = duplicate(0);
		int number = descriptor.number();
		assertThat(descriptor).hasToString("descriptor " + number);
		descriptor.close();
		assertThatExceptionOfType(PosixException.class).isThrownBy(descriptor::number)
			.withMessage("use of closed descriptor " + number + " failed with EBADF (9): Bad file descriptor")
			.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.EBADF.intValue()));
		assertThatExceptionOfType(PosixException.class).isThrownBy(() -> descriptor.replace(number));
	}

	@Test
	void whenReplacedThenTargetRefersToWhatItReferredTo() throws IOException {
		Path file = Files.createTempFile("descriptor", ".txt");
		try (Descriptor source = open(file); Descriptor target = duplicate(0)) {
			int number = target.number();
			source.replace(number);
			assertThat(Descriptors.target(number)).isEqualTo(file.toString());
			assertThatExceptionOfType(PosixException.class).isThrownBy(source::number);
		}
		finally {
			Files.delete(file);
		}
	}

	@Test
	void whenReplacingFailsThenStaysOpen() throws IOException {
		try (Descriptor source = duplicate(0)) {
			assertThatExceptionOfType(PosixException.class).isThrownBy(() -> source.replace(-5))
				.withMessage("dup2(" + source.number() + ", -5) failed with EBADF (9): Bad file descriptor");
			assertThat(source.number()).isPositive();
		}
	}

	private static Descriptor open(Path file) throws PosixException {
		return new Descriptor(Native.check(Native.posix().open(file.toString(), 0, 0), "open(" + file + ")"));
	}

	private static Descriptor duplicate(int number) throws PosixException {
		return new Descriptor(Native.check(Native.posix().dup(number), "dup(" + number + ")"));
	}

}
