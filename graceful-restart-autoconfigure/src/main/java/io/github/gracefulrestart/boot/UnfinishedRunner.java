package io.github.gracefulrestart.boot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Finds the runner that an application is executing: the frame above Spring Boot's own on
 * the stack of the thread that calls it, and the bean that this code belongs to. Runners
 * are not wrapped for that, and nothing is done until this method is called.
 */
final class UnfinishedRunner {

	private static final String CALLER = SpringApplication.class.getName();

	private static final String CALL = "callRunner";

	/** Classes with frames between Spring Boot and the runner. */
	private static final String FUNCTIONS = "org.springframework.util.function.";

	private static final String LAMBDA = "$$Lambda";

	private static final List<Class<?>> RUNNERS = List.of(ApplicationRunner.class, CommandLineRunner.class);

	private final ConfigurableListableBeanFactory beans;

	private UnfinishedRunner(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * Find a runner that has been called and has not returned.
	 * @param context the application context
	 * @return its description, or {@code null} if there is none
	 */
	static @Nullable String find(ConfigurableApplicationContext context) {
		List<StackTraceElement> called = Thread.getAllStackTraces()
			.values()
			.stream()
			.flatMap((stack) -> called(stack).stream())
			.toList();
		UnfinishedRunner finder = new UnfinishedRunner(context.getBeanFactory());
		return called.stream()
			.map(finder::beanName)
			.filter(Objects::nonNull)
			.findFirst()
			.map((name) -> "runner \"" + name + "\"")
			.orElse(called.isEmpty() ? null
					: "a runner (" + called.get(0).getClassName() + "." + called.get(0).getMethodName() + ")");
	}

	/**
	 * A runner may start another application, which has runners.
	 */
	private static List<StackTraceElement> called(StackTraceElement[] stack) {
		List<StackTraceElement> found = new ArrayList<>();
		for (int i = 0; i < stack.length; i++) {
			if (stack[i].getClassName().equals(CALLER) && stack[i].getMethodName().equals(CALL)) {
				int runner = i - 1;
				while (runner >= 0 && isBetween(stack[runner])) {
					runner--;
				}
				if (runner >= 0) {
					found.add(stack[runner]);
				}
			}
		}
		return found;
	}

	private static boolean isBetween(StackTraceElement frame) {
		return frame.getClassName().startsWith(CALLER) || frame.getClassName().startsWith(FUNCTIONS);
	}

	private @Nullable String beanName(StackTraceElement frame) {
		List<String> all = RUNNERS.stream()
			.flatMap((type) -> Arrays.stream(this.beans.getBeanNamesForType(type, true, false)))
			.distinct()
			.toList();
		List<String> names = all.stream().filter((name) -> isCodeOf(frame, this.beans.getSingleton(name))).toList();
		return names.stream()
			.filter((name) -> frame.getMethodName().contains("$" + factoryMethod(name) + "$"))
			.findFirst()
			.orElseGet(() -> only(names.isEmpty() ? all : names));
	}

	private static @Nullable String only(List<String> names) {
		return (names.size() == 1) ? names.get(0) : null;
	}

	/**
	 * Only some JVMs show the frame of a lambda itself. Its code is in the class that it
	 * is written in, in a method that is named after the enclosing one.
	 */
	private static boolean isCodeOf(StackTraceElement frame, @Nullable Object runner) {
		if (runner == null) {
			return false;
		}
		String name = runner.getClass().getName();
		if (name.contains(LAMBDA) && !frame.getClassName().contains(LAMBDA)) {
			return frame.getClassName().equals(name.substring(0, name.indexOf(LAMBDA)));
		}
		Class<?> type = runner.getClass();
		while (type != null && !type.getName().equals(frame.getClassName())) {
			type = type.getSuperclass();
		}
		return type != null;
	}

	private @Nullable String factoryMethod(String name) {
		if (!this.beans.containsBeanDefinition(name)) {
			return null;
		}
		BeanDefinition definition = this.beans.getMergedBeanDefinition(name);
		return definition.getFactoryMethodName();
	}

}
