package io.github.gracefulrestart.posix;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NativeAccessTests {

	@Test
	void isAvailableHere() {
		assertThat(NativeAccess.probe()).isEqualTo(new NativeAccess(null)).isSameAs(NativeAccess.probe());
		assertThat(NativeAccess.probe().available()).isTrue();
	}

	@Test
	void whenThereIsAReasonThenIsNotAvailable() {
		assertThat(new NativeAccess("no native code here").available()).isFalse();
	}

	@Test
	void knowsTheSystem() {
		String name = System.getProperty("os.name");
		try {
			System.setProperty("os.name", "Windows 11");
			assertThat(NativeAccess.isSupportedSystem()).isFalse();
			System.setProperty("os.name", "Linux");
			assertThat(NativeAccess.isSupportedSystem()).isTrue();
		}
		finally {
			System.setProperty("os.name", name);
		}
	}

}
