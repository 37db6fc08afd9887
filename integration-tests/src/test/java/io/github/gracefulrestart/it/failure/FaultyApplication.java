package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.gracefulrestart.it.SampleApplication;
import io.github.gracefulrestart.it.SampleService;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/**
 * The sample application, unpacked, with a library that calls {@link FaultInjector}, and
 * with an archive of its classes so that it starts fast. Otherwise it is the application
 * as it was built.
 */
public final class FaultyApplication {

	private static final String LIBRARY = "io.github.gracefulrestart.";

	private final SampleApplication application;

	private FaultyApplication(SampleApplication application) {
		this.application = application;
	}

	/**
	 * Build it below {@code target}, once for all tests.
	 * @return the application
	 */
	public static synchronized FaultyApplication get() {
		return Holder.INSTANCE;
	}

	/**
	 * Return the application.
	 * @return the application, unpacked
	 */
	public SampleApplication application() {
		return this.application;
	}

	Path directory() {
		return this.application.directory();
	}

	/**
	 * Prepare a service that runs it.
	 */
	SampleService.Builder service(String name) {
		return SampleService.named(name).application(this.application);
	}

	private static FaultyApplication build() {
		try {
			FaultyApplication application = new FaultyApplication(SampleApplication.extract("faulty-application"));
			application.patch();
			application.application.archiveClasses();
			return application;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void patch() throws IOException {
		Map<String, byte[]> classes = new LinkedHashMap<>();
		try (ClassFileLocator locator = locator()) {
			Patcher patcher = new Patcher(locator, classes);
			patcher.patch("handover.ControlConnection",
					Advice.to(Sent.class).on(ElementMatchers.named("send").and(ElementMatchers.takesArguments(2))),
					Advice.to(Received.class).on(ElementMatchers.named("receiveNow")),
					Advice.to(Connected.class).on(ElementMatchers.isConstructor()));
			patcher.patch("predecessor.PredecessorRun", Advice.to(StopNoted.class).on(ElementMatchers.named("stop")));
			patcher.patch("engine.RestartEngine",
					Advice.to(StopNoted.class).on(ElementMatchers.named("stopRequested")));
			patcher.patch("successor.SuccessorRun",
					Advice.to(StopNoted.class).on(ElementMatchers.named("beginToClose")));
			patcher.patch("state.RestartState", Advice.to(Event.class).on(ElementMatchers.named("publish")));
			patcher.patch("state.Threads",
					Advice.to(Started.class).on(ElementMatchers.named("start").and(ElementMatchers.takesArguments(3))));
			patcher.patch("process.SuccessorLauncher", Advice.to(Launched.class).on(ElementMatchers.named("launch")));
			for (Class<?> type : List.of(FaultInjector.class, FaultAction.class)) {
				classes.put(type.getName(), ClassFileLocator.ForClassLoader.read(type));
			}
			// A switch over an enum is a class of its own
			String numbers = FaultInjector.class.getName() + "$1";
			classes.put(numbers, locator.locate(numbers).resolve());
		}
		Map<String, byte[]> files = new LinkedHashMap<>();
		classes.forEach((name, bytes) -> files.put(name.replace('.', '/') + ".class", bytes));
		replace(files);
	}

	/**
	 * Put files into the library.
	 */
	private void replace(Map<String, byte[]> files) throws IOException {
		try (FileSystem jar = FileSystems.newFileSystem(library())) {
			for (Map.Entry<String, byte[]> file : files.entrySet()) {
				Path path = jar.getPath(file.getKey());
				Files.createDirectories(path.getParent());
				Files.write(path, file.getValue());
			}
		}
	}

	private Path library() throws IOException {
		return libraries().stream()
			.filter((library) -> library.getFileName().toString().startsWith("graceful-restart-autoconfigure"))
			.findFirst()
			.orElseThrow();
	}

	private ClassFileLocator locator() throws IOException {
		List<ClassFileLocator> locators = new ArrayList<>();
		locators.add(ClassFileLocator.ForClassLoader.ofSystemLoader());
		for (Path library : libraries()) {
			locators.add(ClassFileLocator.ForJarFile.of(library.toFile()));
		}
		return new ClassFileLocator.Compound(locators);
	}

	private List<Path> libraries() throws IOException {
		try (Stream<Path> libraries = Files.list(directory().resolve("lib"))) {
			return libraries.toList();
		}
	}

	/**
	 * Built when it is first used.
	 */
	private static final class Holder {

		static final FaultyApplication INSTANCE = build();

	}

	/**
	 * Changes classes of the library.
	 */
	private record Patcher(ClassFileLocator locator, Map<String, byte[]> classes) {

		void patch(String name, AsmVisitorWrapper... changes) {
			TypePool pool = TypePool.Default.of(this.locator);
			DynamicType.Builder<?> builder = new ByteBuddy().redefine(pool.describe(LIBRARY + name).resolve(),
					this.locator);
			for (AsmVisitorWrapper change : changes) {
				builder = builder.visit(change);
			}
			try (DynamicType.Unloaded<?> type = builder.make()) {
				this.classes.put(LIBRARY + name, type.getBytes());
			}
		}

	}

	/**
	 * Around {@code ControlConnection.send}.
	 */
	static final class Sent {

		private Sent() {
		}

		@Advice.OnMethodEnter
		static void before(@Advice.Argument(0) Object message) {
			FaultInjector.message("before", message);
		}

		@Advice.OnMethodExit
		static void after(@Advice.Argument(0) Object message) {
			FaultInjector.message("sent", message);
		}

	}

	/**
	 * At the end of {@code ControlConnection.receiveNow}.
	 */
	static final class Received {

		private Received() {
		}

		@Advice.OnMethodExit
		static void after(@Advice.Return Object received) {
			FaultInjector.received(received);
		}

	}

	/**
	 * At the end of the constructor of {@code ControlConnection}.
	 */
	static final class Connected {

		private Connected() {
		}

		@Advice.OnMethodExit
		static void after(@Advice.FieldValue("channel") Object channel) {
			FaultInjector.connected(channel);
		}

	}

	/**
	 * In front of {@code RestartState.publish}.
	 */
	static final class Event {

		private Event() {
		}

		@Advice.OnMethodEnter
		static void before(@Advice.Argument(0) Object event) {
			FaultInjector.event(event);
		}

	}

	/**
	 * In front of {@code Threads.start}.
	 */
	static final class Started {

		private Started() {
		}

		@Advice.OnMethodEnter
		static void before(@Advice.Argument(0) String name) {
			FaultInjector.reached("thread " + name);
		}

	}

	/**
	 * At the end of what tells a restart that the process is told to stop.
	 */
	static final class StopNoted {

		private StopNoted() {
		}

		@Advice.OnMethodExit
		static void after() {
			FaultInjector.stopNoted();
		}

	}

	/**
	 * At the end of {@code SuccessorLauncher.launch}.
	 */
	static final class Launched {

		private Launched() {
		}

		@Advice.OnMethodExit
		static void after() {
			FaultInjector.launched();
		}

	}

}
