package io.github.gracefulrestart.engine;

import java.util.Arrays;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClosingStackTests {

	private static final String CONTEXT = "org.springframework.context.support.AbstractApplicationContext";

	private static final String ADAPTER = "org.springframework.beans.factory.support.DisposableBeanAdapter";

	private static final Map<String, String> BEANS = Map.of("shop.Queue", "orders", "shop.Config$$Lambda", "cleanUp");

	@Test
	void whenABeanIsDestroyedThenIsNamed() {
		assertThat(description("java.util.concurrent.CountDownLatch.await", "shop.Worker.join", "shop.Queue.close",
				"jdk.internal.reflect.DirectMethodHandleAccessor.invoke", ADAPTER + ".destroy", CONTEXT + ".doClose",
				CONTEXT + ".close", "java.lang.Thread.run"))
			.isEqualTo("bean 'orders' (shop.Queue.close) has not returned,");
	}

	@Test
	void whenALambdaIsItsEndThenItsMakerIsNamed() {
		assertThat(description("java.lang.Thread.sleep", "shop.Config.lambda$cleanUp$0", ADAPTER + ".destroy",
				CONTEXT + ".close"))
			.isEqualTo("bean 'cleanUp' (shop.Config.lambda$cleanUp$0) has not returned,");
	}

	@Test
	void whenFramesOfLambdasAreShownThenTheBeanIsNamed() {
		assertThat(description("java.lang.Thread.sleep", "shop.Config.lambda$cleanUp$0", "shop.Config$$Lambda.destroy",
				ADAPTER + ".destroy", CONTEXT + ".close"))
			.isEqualTo("bean 'cleanUp' (shop.Config$$Lambda.destroy) has not returned,");
	}

	@Test
	void whenAListenerIsToldThenIsNamed() {
		assertThat(description("shop.Listener.onApplicationEvent",
				"org.springframework.context.event.SimpleApplicationEventMulticaster.doInvokeListener",
				CONTEXT + ".publishEvent", CONTEXT + ".close"))
			.isEqualTo("the listener shop.Listener.onApplicationEvent has not returned,");
	}

	@Test
	void whenSpringItselfWaitsThenSaysWhere() {
		assertThat(description("java.util.concurrent.ThreadPoolExecutor.awaitTermination",
				"org.springframework.scheduling.concurrent.ExecutorConfigurationSupport.shutdown", ADAPTER + ".destroy",
				CONTEXT + ".close"))
			.isEqualTo(
					"org.springframework.scheduling.concurrent.ExecutorConfigurationSupport.shutdown has not returned,");
	}

	@Test
	void whenNothingIsClosedThenSaysNothing() {
		assertThat(ClosingStack.of(stack("shop.Queue.close", "java.lang.Thread.run"), BEANS)).isNull();
	}

	private static String description(String... frames) {
		ClosingStack closing = ClosingStack.of(stack(frames), BEANS);
		return (closing != null) ? closing.description() : null;
	}

	private static StackTraceElement[] stack(String... frames) {
		return Arrays.stream(frames)
			.map((frame) -> new StackTraceElement(frame.substring(0, frame.lastIndexOf('.')),
					frame.substring(frame.lastIndexOf('.') + 1), "Any.java", 1))
			.toArray(StackTraceElement[]::new);
	}

}
