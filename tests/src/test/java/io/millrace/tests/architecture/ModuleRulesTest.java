package io.millrace.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.architecture.Modules.Module;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way of the data, as the table of modules in the README has it. */
class ModuleRulesTest {

  private static final List<String> JDK = List.of("java..", "javax..", "org.jspecify..");
  private static final String STREAMS = "org.apache.kafka.streams..";

  /** Modules that a module may import, beside itself. */
  private static final Map<Module, List<Module>> MODULES =
      new EnumMap<>(
          Map.of(
              Module.SCHEMAS, List.of(),
              Module.MODEL, List.of(),
              Module.TOPOLOGY, List.of(Module.SCHEMAS, Module.MODEL, Module.SERVING),
              Module.SERVING, List.of(Module.SCHEMAS, Module.MODEL),
              Module.APP, List.of(Module.SCHEMAS, Module.MODEL, Module.TOPOLOGY, Module.SERVING)));

  /** Packages of other projects that a module may import; the app may import any. */
  private static final Map<Module, List<String>> LIBRARIES =
      new EnumMap<>(
          Map.of(
              Module.SCHEMAS, List.of("org.apache.avro.."),
              Module.MODEL, List.of("jdk.incubator.vector"),
              Module.TOPOLOGY,
                  List.of(
                      STREAMS,
                      "org.apache.kafka.clients..",
                      "org.apache.kafka.common..",
                      "io.micrometer.core..",
                      "org.apache.avro..",
                      "org.slf4j.."),
              Module.SERVING,
                  List.of(
                      "org.apache.kafka.clients..",
                      "org.apache.kafka.common..",
                      "org.apache.avro..",
                      "org.slf4j..")));

  @ParameterizedTest
  @EnumSource
  void everyModuleWasRead(Module module) {
    int classes = Modules.of(module).size();
    assertTrue(
        classes >= module.minClasses(),
        () -> module + ": expected at least " + module.minClasses() + " classes, got " + classes);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "APP")
  void modulesImportOnlyWhatTheyMay(Module module) {
    Rules.onlyUses(allowed(module)).check(Modules.of(module));
  }

  @ParameterizedTest
  @EnumSource
  void classesLieInTheirModulesPackages(Module module) {
    classes()
        .should()
        .resideInAnyPackage(module.packages().toArray(String[]::new))
        .check(Modules.of(module));
  }

  @ParameterizedTest
  @EnumSource(names = {"TOPOLOGY", "SERVING"})
  void aForbiddenModuleWouldBeFound(Module module) {
    List<String> withoutModel = new ArrayList<>(allowed(module));
    withoutModel.removeAll(Module.MODEL.packages());
    assertFails(() -> Rules.onlyUses(withoutModel).check(Modules.of(module)), "io.millrace.model");
  }

  @Test
  void aForbiddenLibraryWouldBeFound() {
    List<String> withoutStreams = new ArrayList<>(allowed(Module.TOPOLOGY));
    withoutStreams.remove(STREAMS);
    assertFails(
        () -> Rules.onlyUses(withoutStreams).check(Modules.of(Module.TOPOLOGY)),
        "org.apache.kafka.streams");
  }

  /** Ways to make objects of any class out of bytes; each has been the door of an attack. */
  private static final List<String> DESERIALIZERS =
      List.of(
          "java.io.ObjectInputStream",
          "java.io.ObjectOutputStream",
          "java.beans.XMLDecoder",
          "java.beans.XMLEncoder",
          "java.rmi..*",
          "javax.naming..*",
          "javax.script..*",
          "org.apache.avro.reflect..*",
          "org.apache.avro.file..*",
          "org.snakeyaml.engine.v2.api.Load",
          "org.snakeyaml.engine.v2.constructor..*",
          "com.fasterxml.jackson..*");

  @Test
  void nobodyReadsObjectsOfAnyClass() {
    for (String deserializer : DESERIALIZERS) {
      Rules.nobodyUses(deserializer).check(Modules.all());
    }
    // Avro's generated records do name its interface, so a use would be seen.
    assertFails(
        () -> Rules.nobodyUses("java.io.ObjectInput").check(Modules.all()), "java.io.ObjectInput");
    assertFails(
        () -> Rules.nobodyUses("org.apache.avro.io..*").check(Modules.all()), "BinaryDecoder");
  }

  static void assertFails(Runnable rule, String named) {
    AssertionError failure = assertThrows(AssertionError.class, rule::run);
    assertTrue(
        String.valueOf(failure.getMessage()).contains(named),
        () -> "expected a violation that names " + named + ", got: " + failure.getMessage());
  }

  private static List<String> allowed(Module module) {
    List<String> allowed = new ArrayList<>(JDK);
    allowed.addAll(module.packages());
    MODULES.getOrDefault(module, List.of()).forEach(other -> allowed.addAll(other.packages()));
    allowed.addAll(LIBRARIES.getOrDefault(module, List.of()));
    return allowed;
  }
}
