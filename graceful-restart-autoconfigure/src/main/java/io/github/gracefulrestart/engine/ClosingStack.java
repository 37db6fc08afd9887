package io.github.gracefulrestart.engine;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Where a thread that closes an application context is, according to its stack.
 *
 * @param description the code that does not return, with the name of the bean if it is
 * known
 */
record ClosingStack(String description) {

	private static final String CONTEXT = "org.springframework.context.support.AbstractApplicationContext";

	private static final String LAMBDA = "lambda$";

	/**
	 * Read a stack.
	 * @param stack the frames, the innermost first
	 * @param beans the names of beans by the names of their classes
	 * @return where it is, or {@code null} if it does not close a context
	 */
	static @Nullable ClosingStack of(StackTraceElement[] stack, Map<String, String> beans) {
		for (int i = 0; i < stack.length; i++) {
			if (CONTEXT.equals(stack[i].getClassName()) && "close".equals(stack[i].getMethodName())) {
				return of(stack, i, beans);
			}
		}
		return null;
	}

	/**
	 * The frame of the application that Spring has called is the outermost one that is
	 * neither Spring's nor the JDK's.
	 */
	private static ClosingStack of(StackTraceElement[] stack, int close, Map<String, String> beans) {
		int caller = close;
		for (int i = close; i >= 0; i--) {
			String name = stack[i].getClassName();
			if (name.startsWith("org.springframework.")) {
				caller = i;
			}
			else if (!isPartOfJdk(name)) {
				return new ClosingStack(what(stack[caller]) + named(stack[i], beans) + " has not returned,");
			}
		}
		return new ClosingStack(named(stack[caller], beans) + " has not returned,");
	}

	private static boolean isPartOfJdk(String name) {
		return name.startsWith("java.") || name.startsWith("jdk.") || name.startsWith("sun.");
	}

	private static String what(StackTraceElement caller) {
		String name = caller.getClassName();
		if (name.contains("Multicaster") || name.contains("ApplicationListener")) {
			return "the listener ";
		}
		return name.contains("Lifecycle") ? "the lifecycle bean " : "";
	}

	private static String named(StackTraceElement frame, Map<String, String> beans) {
		String bean = bean(frame, beans);
		String method = frame.getClassName() + "." + frame.getMethodName();
		return (bean != null) ? "bean '" + bean + "' (" + method + ")" : method;
	}

	private static @Nullable String bean(StackTraceElement frame, Map<String, String> beans) {
		String method = frame.getMethodName();
		if (method.startsWith(LAMBDA)) {
			// If it is a bean, it has the name of the method that created it
			String maker = method.substring(LAMBDA.length(), Math.max(LAMBDA.length(), method.lastIndexOf('$')));
			return beans.containsValue(maker) ? maker : null;
		}
		String type = frame.getClassName();
		int proxy = type.indexOf("$$SpringCGLIB");
		return beans.get((proxy >= 0) ? type.substring(0, proxy) : type);
	}

}
