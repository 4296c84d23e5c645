package drawbridge.console;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget.ConstructorCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Random;

/** The console's rules of house.md, section (c). */
@AnalyzeClasses(
        packages = "drawbridge.console",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule knowsTheServerByItsContractOnly =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("drawbridge.server..")
                    .because("the server is a program of its own, spoken to over HTTP");

    @ArchTest
    static final ArchRule modelAndViewModelsKnowNoScene =
            noClasses()
                    .that()
                    .haveSimpleNameEndingWith("ViewModel")
                    .or()
                    .resideInAnyPackage("..model..", "..client..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("javafx.scene..")
                    .because("what is shown is tested without a toolkit");

    @ArchTest
    static final ArchRule workBelowTheScreensKnowsNoToolkit =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..client..", "..supervise..", "drawbridge.console.settings..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("javafx..")
                    .because("it runs on threads of its own, also where there is no toolkit");

    @ArchTest
    static final ArchRule controllersSpeakToNoServer =
            noClasses()
                    .that()
                    .haveSimpleNameEndingWith("Controller")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("..client..")
                                    .and(simpleNameEndingWith("Client"))
                                    .or(resideInAPackage("java.net.http..")))
                    .because("a controller binds; actions go through its view model");

    @ArchTest
    static final ArchRule oneClassKnowsTheFxThread =
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName("drawbridge.console.ui.Fx")
                    .should()
                    .callMethod(javafx.application.Platform.class, "runLater", Runnable.class)
                    .because("others receive an executor and so can be tested without it");

    @ArchTest
    static final ArchRule timeIsInjected =
            noClasses()
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(Instant.class, "now", Clock.class)
                    .orShould()
                    .callMethod(LocalDate.class, "now")
                    .orShould()
                    .callMethod(LocalDateTime.class, "now")
                    .orShould()
                    .callMethod(ZonedDateTime.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .because("a test must be able to drive the clock");

    @ArchTest
    static final ArchRule chanceIsInjected =
            noClasses()
                    .should()
                    .callConstructor(Random.class)
                    .orShould()
                    .callMethod(Math.class, "random")
                    .because("a test must be able to repeat itself");

    @ArchTest
    static final ArchRule environmentIsReadInOnePlace =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("drawbridge.console.settings..")
                    .should()
                    .callMethod(System.class, "getenv")
                    .orShould()
                    .callMethod(System.class, "getenv", String.class)
                    .because("what a program was started with is parsed once");

    @ArchTest
    static final ArchRule clientsAreMadeByTheWiring =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("drawbridge.console")
                    .and()
                    .resideOutsideOfPackage("..client..")
                    .and()
                    .doNotHaveSimpleName("HttpServerContact")
                    .should()
                    .callConstructorWhere(
                            describe("it makes a client", call -> isClient(call.getTarget())))
                    .because(
                            "the object graph is read in one place; the supervisor's contact is"
                                    + " the one that needs a client per question");

    private static boolean isClient(ConstructorCallTarget target) {
        return owner(resideInAPackage("drawbridge.console..").and(simpleNameEndingWith("Client")))
                .test(target);
    }

    @ArchTest
    static final ArchRule noMutableStatics =
            fields().that()
                    .areStatic()
                    .and(describe("are written in source", ArchitectureTest::isInSource))
                    .should()
                    .beFinal()
                    .because("state has an owner, and a test starts from none");

    private static boolean isInSource(JavaField field) {
        return !field.getModifiers().contains(JavaModifier.SYNTHETIC);
    }

    @ArchTest
    static final ArchRule standardStreamsBelongToTheEntry =
            noClasses()
                    .that()
                    .areNotAssignableTo(ConsoleMain.class)
                    .should()
                    .accessField(System.class, "out")
                    .orShould()
                    .accessField(System.class, "err")
                    .orShould()
                    .callMethod(Throwable.class, "printStackTrace")
                    .because("everything else logs");

    @ArchTest
    static final ArchRule noPackageCycles =
            slices().matching("drawbridge.console.(**)")
                    .should()
                    .beFreeOfCycles()
                    .because("events flow in and actions flow out; nothing below calls above");

    @ArchTest
    static final ArchRule namesSayWhatAThingIs =
            noClasses()
                    .that(describe("are not nested", clazz -> !isNested(clazz)))
                    .should()
                    .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Base)")
                    .because("such a name says nothing about the thing");

    private static boolean isNested(JavaClass clazz) {
        return clazz.getEnclosingClass().isPresent();
    }
}
