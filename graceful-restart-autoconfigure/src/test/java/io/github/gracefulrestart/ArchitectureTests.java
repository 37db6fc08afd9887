package io.github.gracefulrestart;

import java.lang.reflect.AccessibleObject;
import java.util.List;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
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
@AnalyzeClasses(packages = "io.github.gracefulrestart",
		importOptions = { ImportOption.DoNotIncludeTests.class, ArchitectureTests.DoNotIncludeTestSupport.class })
class ArchitectureTests {

	private static final String BASE = "io.github.gracefulrestart.";

	private static final DescribedPredicate<JavaClass> METRICS = JavaClass.Predicates
		.simpleNameStartingWith("RestartMetrics")
		.or(JavaClass.Predicates.simpleNameStartingWith("RestartMeter"));

	@ArchTest
	final ArchRule packagesUseOnlyWhatThePageSays = layers(Parts.documented());

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
	final ArchRule bootAndTheWebStayAbove = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackages(BASE + "tomcat..", BASE + "supervisor..", BASE + "actuate..", BASE + "boot..",
				BASE + "autoconfigure..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot..", "org.springframework.web..", "jakarta..", "io.micrometer..")
		.because("what replaces a JVM is to serve other web servers and other versions of Spring Boot");

	@ArchTest
	final ArchRule tomcatIsReachedThroughBootInOnePlace = ArchRuleDefinition.noClasses()
		.that()
		.resideInAPackage(BASE + "tomcat..")
		.and()
		.haveSimpleNameNotEndingWith("Customizer")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot..");

	@ArchTest
	final ArchRule wiringIsAutoConfigurations = ArchRuleDefinition.classes()
		.that()
		.resideInAPackage(BASE + "autoconfigure..")
		.and()
		.areTopLevelClasses()
		.and()
		.doNotHaveSimpleName("package-info")
		.should()
		.haveSimpleNameEndingWith("AutoConfiguration")
		.orShould()
		.haveSimpleNameEndingWith("ManagementConfiguration");

	@ArchTest
	final ArchRule theInterfaceIsComplete = ArchRuleDefinition.classes()
		.that()
		.resideInAPackage("io.github.gracefulrestart")
		.and()
		.arePublic()
		.should(beListed())
		.because("what is public there is a promise to users");

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

	private static ArchRule layers(List<Parts.Part> parts) {
		Architectures.LayeredArchitecture layers = Architectures.layeredArchitecture()
			.consideringOnlyDependenciesInLayers()
			.ensureAllClassesAreContainedInArchitecture();
		for (Parts.Part part : parts) {
			layers = layers.layer(part.name()).definedBy(part.packages());
		}
		for (Parts.Part part : parts) {
			Architectures.LayeredArchitecture.LayerDependencySpecification rule = layers.whereLayer(part.name());
			layers = part.mayUse().isEmpty() ? rule.mayNotAccessAnyLayer()
					: rule.mayOnlyAccessLayers(part.mayUse().toArray(String[]::new));
		}
		return layers;
	}

	private static ArchCondition<JavaClass> beListed() {
		return new ArchCondition<>("be in docs/architecture.md") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean listed = type.isMemberClass() || Parts.page().contains("`" + type.getSimpleName() + "`");
				events.add(new SimpleConditionEvent(type, listed, type.getName() + " is not listed there"));
			}

		};
	}

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

	/**
	 * Leaves out what other modules have for tests.
	 */
	static final class DoNotIncludeTestSupport implements ImportOption {

		@Override
		public boolean includes(Location location) {
			return !location.contains("test-support");
		}

	}

}
