package io.github.gracefulrestart;

import java.lang.reflect.AccessibleObject;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.apache.coyote.http11.Http11Processor;

/**
 * Holds the arrows between packages. Each is there so that something can be replaced: the
 * native library, the web server, the way a restart is asked for.
 */
@AnalyzeClasses(packages = "io.github.gracefulrestart", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String BASE = "io.github.gracefulrestart.";

	private static final DescribedPredicate<JavaClass> METRICS = JavaClass.Predicates
		.simpleNameStartingWith("RestartMetrics")
		.or(JavaClass.Predicates.simpleNameStartingWith("RestartMeter"));

	@ArchTest
	final ArchRule packagesUseOnlyThoseBelow = Architectures.layeredArchitecture()
		.consideringOnlyDependenciesInLayers()
		.layer("api")
		.definedBy("io.github.gracefulrestart")
		.layer("posix")
		.definedBy(BASE + "posix..")
		.layer("handover")
		.definedBy(BASE + "handover..")
		.layer("options")
		.definedBy(BASE + "options..")
		.layer("process")
		.definedBy(BASE + "process..")
		.layer("listener")
		.definedBy(BASE + "listener..")
		.layer("jars")
		.definedBy(BASE + "jars..")
		.layer("preflight")
		.definedBy(BASE + "preflight..")
		.layer("state")
		.definedBy(BASE + "state..")
		.layer("host")
		.definedBy(BASE + "host..")
		.layer("predecessor")
		.definedBy(BASE + "predecessor..")
		.layer("successor")
		.definedBy(BASE + "successor..")
		.layer("engine")
		.definedBy(BASE + "engine..")
		.layer("tomcat")
		.definedBy(BASE + "tomcat..")
		.layer("trigger")
		.definedBy(BASE + "trigger..")
		.layer("actuate")
		.definedBy(BASE + "actuate..")
		.layer("autoconfigure")
		.definedBy(BASE + "autoconfigure..")
		.whereLayer("api")
		.mayNotAccessAnyLayer()
		.whereLayer("posix")
		.mayNotAccessAnyLayer()
		.whereLayer("handover")
		.mayOnlyAccessLayers("api", "posix")
		.whereLayer("options")
		.mayNotAccessAnyLayer()
		.whereLayer("process")
		.mayOnlyAccessLayers("options", "posix")
		.whereLayer("listener")
		.mayOnlyAccessLayers("posix")
		.whereLayer("jars")
		.mayOnlyAccessLayers("api", "posix")
		.whereLayer("preflight")
		.mayOnlyAccessLayers("api", "handover", "jars", "options", "posix", "process")
		.whereLayer("state")
		.mayOnlyAccessLayers("api")
		.whereLayer("host")
		.mayOnlyAccessLayers("api", "listener", "posix", "state")
		.whereLayer("predecessor")
		.mayOnlyAccessLayers("api", "handover", "host", "jars", "listener", "preflight", "process", "state")
		.whereLayer("successor")
		.mayOnlyAccessLayers("api", "handover", "host", "jars", "listener", "posix", "process", "state")
		.whereLayer("engine")
		.mayOnlyAccessLayers("api", "host", "jars", "listener", "posix", "predecessor", "preflight", "process", "state",
				"successor")
		.whereLayer("tomcat")
		.mayOnlyAccessLayers("api", "host", "listener", "posix")
		.whereLayer("trigger")
		.mayOnlyAccessLayers("api", "posix")
		.whereLayer("actuate")
		.mayOnlyAccessLayers("api", "jars")
		.whereLayer("autoconfigure")
		.mayNotBeAccessedByAnyLayer();

	@ArchTest
	final ArchRule thereAreNoCycles = SlicesRuleDefinition.slices().matching(BASE + "(*)..").should().beFreeOfCycles();

	@ArchTest
	final ArchRule nativeCallsStayInPosix = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackage(BASE + "posix..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("jnr..", "com.kenai..", "sun.misc..");

	@ArchTest
	final ArchRule tomcatStaysInTomcat = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackage(BASE + "tomcat..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.apache.catalina..", "org.apache.coyote..", "org.apache.tomcat..");

	@ArchTest
	final ArchRule micrometerStaysInMetrics = ArchRuleDefinition.noClasses()
		.that(DescribedPredicate.not(METRICS.and(JavaClass.Predicates.resideInAnyPackage(BASE + "actuate..")))
			.and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(BASE + "autoconfigure.."))))
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.micrometer..");

	@ArchTest
	final ArchRule restartKnowsNoWebServer = ArchRuleDefinition.noClasses()
		.that()
		.resideInAnyPackage("io.github.gracefulrestart", BASE + "state..", BASE + "host..", BASE + "predecessor..",
				BASE + "successor..", BASE + "engine..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot..", "org.springframework.web..", "jakarta..", "io.micrometer..");

	@ArchTest
	final ArchRule theCoreKnowsNoSpring = ArchRuleDefinition.noClasses()
		.that()
		.resideInAnyPackage(BASE + "posix..", BASE + "handover..", BASE + "options..", BASE + "process..",
				BASE + "listener..", BASE + "preflight..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework..", "org.apache..");

	@ArchTest
	final ArchRule reflectionOpensNothing = ArchRuleDefinition.noClasses()
		.should()
		.callMethod(AccessibleObject.class, "setAccessible", boolean.class)
		.orShould()
		.callMethod(AccessibleObject.class, "trySetAccessible")
		.orShould()
		.dependOnClassesThat()
		.resideInAnyPackage("sun..", "jdk.internal..");

	@ArchTest
	final ArchRule requestsAreProcessedByTomcatAlone = ArchRuleDefinition.methods()
		.that()
		.areDeclaredInClassesThat()
		.areAssignableTo(Http11Processor.class)
		.should(overrideNothing())
		.because("nothing of ours works on a request while no restart runs");

	private static ArchCondition<JavaMethod> overrideNothing() {
		return new ArchCondition<>("override nothing") {

			@Override
			public void check(JavaMethod method, ConditionEvents events) {
				boolean overrides = method.getOwner()
					.getAllRawSuperclasses()
					.stream()
					.anyMatch((parent) -> parent
						.tryGetMethod(method.getName(),
								method.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new))
						.isPresent());
				events.add(new SimpleConditionEvent(method, !overrides, method.getFullName() + " overrides a method"));
			}

		};
	}

}
