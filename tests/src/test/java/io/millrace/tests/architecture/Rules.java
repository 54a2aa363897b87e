package io.millrace.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The kinds of rules, without the names that they are applied to. */
final class Rules {

  private Rules() {}

  /** Classes depend on the given packages alone. */
  static ArchRule onlyUses(Collection<String> packages) {
    return classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(packages.toArray(String[]::new));
  }

  /**
   * Of the classes below {@code root}, those in exactly the package {@code name} depend only on
   * themselves and on the packages {@code allowed}; what lies outside {@code root} is not judged.
   */
  static ArchRule imports(String root, String name, Collection<String> allowed) {
    String[] mayUse =
        Stream.concat(Stream.of(name), allowed.stream())
            .map(each -> each.isEmpty() ? root : root + "." + each)
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(name.isEmpty() ? root : root + "." + name)
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(mayUse)
                .or(JavaClass.Predicates.resideOutsideOfPackage(root + "..")));
  }

  /** No two packages depend on each other, directly or through others. */
  static ArchRule packagesFreeOfCycles() {
    return slices().assignedFrom(BY_PACKAGE).should().beFreeOfCycles();
  }

  /**
   * None but the classes whose full name begins with {@code exempt} depends on {@code packages}.
   * What javac adds to a subclass by itself, the bridges to inherited methods, does not count.
   */
  static ArchRule onlyOneUses(String exempt, List<String> packages) {
    return classes()
        .that()
        .haveNameNotMatching(exempt.replace(".", "\\.") + "\\b.*")
        .should(notUse(packages));
  }

  private static ArchCondition<JavaClass> notUse(List<String> packages) {
    var internal = JavaClass.Predicates.resideInAnyPackage(packages.toArray(String[]::new));
    return new ArchCondition<>("not use " + packages) {
      @Override
      public void check(JavaClass javaClass, ConditionEvents events) {
        for (Dependency dependency : javaClass.getDirectDependenciesFromSelf()) {
          boolean allowed =
              !internal.test(dependency.getTargetClass()) || isOfABridge(dependency, javaClass);
          events.add(new SimpleConditionEvent(javaClass, allowed, dependency.getDescription()));
        }
      }
    };
  }

  private static boolean isOfABridge(Dependency dependency, JavaClass javaClass) {
    return javaClass.getMethods().stream()
        .filter(method -> method.getModifiers().contains(JavaModifier.BRIDGE))
        .anyMatch(bridge ->
            dependency.getDescription().startsWith("Method <" + bridge.getFullName() + ">"));
  }

  /** Nothing depends on the class of this name, or on any class below {@code package..*}. */
  static ArchRule nobodyUses(String name) {
    return name.endsWith("..*")
        ? noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage(name.substring(0, name.length() - 1))
        : noClasses().should().dependOnClassesThat().haveFullyQualifiedName(name);
  }

  /**
   * Each class lies in a package whose package-info has {@link NullMarked}. The records that Avro
   * generates promise nothing about nulls, so their package does not say so.
   */
  static ArchRule packagesAreNullMarked() {
    return classes()
        .that()
        .resideOutsideOfPackage("io.millrace")
        .should(LIE_IN_A_NULL_MARKED_PACKAGE);
  }

  private static final SliceAssignment BY_PACKAGE =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
          return SliceIdentifier.of(javaClass.getPackageName());
        }

        @Override
        public String getDescription() {
          return "packages";
        }
      };

  private static final ArchCondition<JavaClass> LIE_IN_A_NULL_MARKED_PACKAGE =
      new ArchCondition<>("lie in a package whose package-info.java has @NullMarked") {
        @Override
        public void check(JavaClass javaClass, ConditionEvents events) {
          boolean marked = javaClass.getPackage().isAnnotatedWith(NullMarked.class);
          events.add(
              new SimpleConditionEvent(
                  javaClass,
                  marked,
                  javaClass.getName()
                      + ": expected a package-info.java with @NullMarked in "
                      + javaClass.getPackageName()
                      + (marked ? ", found it" : ", found none; add it")));
        }
      };
}
