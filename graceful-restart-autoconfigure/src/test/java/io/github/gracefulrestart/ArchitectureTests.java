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
		.layer("preflight")
		.definedBy(BASE + "preflight..")
		.layer("jars")
		.definedBy(BASE + "jars..")
		.layer("restart")
		.definedBy(BASE + "restart..")
		.layer("tomcat")
		.definedBy(BASE + "tomcat..")
		.layer("trigger")
		.definedBy(BASE + "trigger..")
		.layer("actuate")
		.definedBy(BASE + "actuate..")
		.layer("autoconfigure")
		.definedBy(BASE + "autoconfigure..")
		.whereLayer("posix")
		.mayNotAccessAnyLayer()
		.whereLayer("handover")
		.mayOnlyAccessLayers("posix")
		.whereLayer("options")
		.mayNotAccessAnyLayer()
		.whereLayer("process")
		.mayOnlyAccessLayers("options", "posix")
		.whereLayer("listener")
		.mayOnlyAccessLayers("posix")
		.whereLayer("preflight")
		.mayOnlyAccessLayers("posix", "jars", "handover", "options", "process")
		.whereLayer("jars")
		.mayOnlyAccessLayers("posix")
		.whereLayer("restart")
		.mayOnlyAccessLayers("posix", "handover", "process", "listener", "preflight", "jars")
		.whereLayer("tomcat")
		.mayOnlyAccessLayers("posix", "listener", "restart")
		.whereLayer("trigger")
		.mayOnlyAccessLayers("posix", "restart")
		.whereLayer("actuate")
		.mayOnlyAccessLayers("jars", "listener", "preflight", "restart")
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
		.resideInAPackage(BASE + "restart..")
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
