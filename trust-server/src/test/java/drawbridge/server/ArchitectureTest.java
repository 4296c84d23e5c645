package drawbridge.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import java.time.Instant;
import java.util.Random;

/** The rules of the house that a compiler does not check. */
// The kit and the sample, which the tests use, are programs of other people.
@AnalyzeClasses(
        packages = {"drawbridge.server", "drawbridge.model"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule HTTP_KNOWS_JAVALIN =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("drawbridge.server.http")
                    .and()
                    .doNotHaveSimpleName("TrustServer")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..")
                    .because("the web framework must be replaceable in one package");

    @ArchTest
    static final ArchRule DATABASE_KNOWS_JDBC =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("drawbridge.server.storage")
                    .and()
                    .haveSimpleNameNotStartingWith("Database")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "com.zaxxer..")
                    .because("what knows SQL types is named so");

    @ArchTest
    static final ArchRule JUDGE_IS_PURE =
            classes()
                    .that()
                    .resideInAPackage("drawbridge.server.judge")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java.lang..",
                            "java.time..",
                            "java.util",
                            "org.jspecify..",
                            "drawbridge.model",
                            "drawbridge.server.judge",
                            "drawbridge.server.session")
                    .because("a verdict depends on nothing but its arguments");

    @ArchTest
    static final ArchRule NO_PACKAGE_CYCLES =
            slices().matching("drawbridge.server.(*)..")
                    .should()
                    .beFreeOfCycles()
                    .because(
                            "a request goes down through the packages and its answer comes back up");

    @ArchTest
    static final ArchRule SINKS_CALL_NO_FEATURE =
            noClasses()
                    .that()
                    .resideInAnyPackage("drawbridge.server.audit", "drawbridge.server.event")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "drawbridge.server.account..",
                            "drawbridge.server.bridge..",
                            "drawbridge.server.http..",
                            "drawbridge.server.session..")
                    .because("anyone may write to them, they call nobody");

    @ArchTest
    static final ArchRule TIME_IS_INJECTED =
            noClasses()
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .because("a test must be able to drive the clock");

    @ArchTest
    static final ArchRule ENVIRONMENT_IS_READ_ONCE =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("drawbridge.server.config", "drawbridge.server.cli")
                    .should()
                    .callMethod(System.class, "getenv")
                    .orShould()
                    .callMethod(System.class, "getenv", String.class)
                    .because("settings come through the configuration");

    @ArchTest
    static final ArchRule STANDARD_STREAMS_ARE_THE_COMMANDS =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("drawbridge.server.cli")
                    .should()
                    .accessField(System.class, "out")
                    .orShould()
                    .accessField(System.class, "err")
                    .because("everything else logs");

    @ArchTest
    static final ArchRule NO_WEAK_RANDOM =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("drawbridge.server.cli")
                    .should()
                    .dependOnClassesThat()
                    .belongToAnyOf(Random.class)
                    .because("whatever is drawn here may be a secret");

    @ArchTest
    static final ArchRule NO_MUTABLE_STATICS =
            noFields()
                    .that()
                    .areStatic()
                    .should()
                    .notBeFinal()
                    .because("state that everybody shares belongs to nobody");

    @ArchTest
    static final ArchRule MODEL_IS_FREE_OF_FRAMEWORKS =
            classes()
                    .that()
                    .resideInAPackage("drawbridge.model..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..", "javax.net.ssl..", "org.jspecify..", "drawbridge.model..")
                    .because("both programs and every kit share it");
}
