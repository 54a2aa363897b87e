package io.millrace.tests.architecture;

import static io.millrace.tests.architecture.ModuleRulesTest.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.millrace.tests.architecture.Modules.Module;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The directions between the packages of a module, and who may touch Kafka's internals. */
class PackageRulesTest {

  private static final String MODEL = "io.millrace.model";
  private static final String TOPOLOGY = "io.millrace.topology";

  /** Which packages of the model a package of the model may import. */
  private static final Map<String, List<String>> MODEL_PACKAGES =
      Map.ofEntries(
          Map.entry("", List.of()),
          Map.entry("tensor", List.of()),
          Map.entry("safetensors", List.of("tensor")),
          Map.entry("math", List.of("tensor")),
          Map.entry("kernel", List.of("tensor", "math")),
          Map.entry("graph", List.of("tensor", "math", "kernel")),
          Map.entry("spec", List.of("tensor")),
          Map.entry("protobuf", List.of()),
          Map.entry("onnx", List.of("tensor", "protobuf", "spec")),
          Map.entry("optimizer", List.of("tensor", "kernel")),
          Map.entry("network", List.of("tensor", "math", "kernel", "graph", "spec")),
          Map.entry(
              "training",
              List.of("tensor", "math", "kernel", "graph", "spec", "optimizer", "network")),
          Map.entry(
              "inspection", List.of("tensor", "kernel", "graph", "spec", "network", "training")));

  /** Which packages of the topology a package of the topology may import. */
  private static final Map<String, List<String>> TOPOLOGY_PACKAGES =
      Map.of(
          "config", List.of(),
          "decode", List.of("config"),
          "state", List.of("config", "decode"),
          "learn", List.of("config", "decode", "state"),
          "replay", List.of("config", "decode", "state", "learn"),
          "predict", List.of("config", "decode"),
          "labels", List.of("config", "decode"),
          "", List.of("config", "decode", "state", "learn", "replay", "predict", "labels"));

  private static final String STREAMS_INTERNALS_USER =
      "io.millrace.topology.state.FlushOnCommitStore";
  private static final List<String> STREAMS_INTERNALS =
      List.of("org.apache.kafka.streams..internals..");

  private static final String SERVER_INTERNALS_USER = "io.millrace.app.broker";
  private static final List<String> SERVER_INTERNALS =
      List.of(
          "kafka..",
          "org.apache.kafka.controller..",
          "org.apache.kafka.coordinator..",
          "org.apache.kafka.image..",
          "org.apache.kafka.metadata..",
          "org.apache.kafka.raft..",
          "org.apache.kafka.server..",
          "org.apache.kafka.storage..");

  static Stream<String> modelPackages() {
    return MODEL_PACKAGES.keySet().stream().sorted();
  }

  static Stream<String> topologyPackages() {
    return TOPOLOGY_PACKAGES.keySet().stream().sorted();
  }

  @ParameterizedTest(name = "model: [{0}]")
  @MethodSource("modelPackages")
  void modelPackagesImportOnlyThoseToTheirLeft(String name) {
    Rules.imports(MODEL, name, MODEL_PACKAGES.getOrDefault(name, List.of()))
        .check(Modules.of(Module.MODEL));
  }

  @ParameterizedTest(name = "topology: [{0}]")
  @MethodSource("topologyPackages")
  void topologyPackagesImportOnlyThoseToTheirLeft(String name) {
    Rules.imports(TOPOLOGY, name, TOPOLOGY_PACKAGES.getOrDefault(name, List.of()))
        .check(Modules.of(Module.TOPOLOGY));
  }

  @Test
  void everyPackageHasItsRule() {
    assertEquals(new TreeSet<>(MODEL_PACKAGES.keySet()), packagesOf(Module.MODEL, MODEL));
    assertEquals(new TreeSet<>(TOPOLOGY_PACKAGES.keySet()), packagesOf(Module.TOPOLOGY, TOPOLOGY));
  }

  @Test
  void anImportToTheRightWouldBeFound() {
    assertFails(
        () ->
            Rules.imports(MODEL, "training", List.of("tensor", "kernel"))
                .check(Modules.of(Module.MODEL)),
        MODEL + ".network");
    assertFails(
        () ->
            Rules.imports(TOPOLOGY, "learn", List.of("config", "decode"))
                .check(Modules.of(Module.TOPOLOGY)),
        TOPOLOGY + ".state");
  }

  @ParameterizedTest
  @EnumSource
  void packagesHaveNoCycles(Module module) {
    Rules.packagesFreeOfCycles().check(Modules.of(module));
  }

  @Test
  void aCycleWouldBeFound() {
    JavaClasses cyclic = new ClassFileImporter().importPackages("org.apache.avro");
    assertFails(() -> Rules.packagesFreeOfCycles().check(cyclic), "org.apache.avro.io");
  }

  @Test
  void onlyOneClassTouchesTheInternalsOfKafkaStreams() {
    Rules.onlyOneUses(STREAMS_INTERNALS_USER, STREAMS_INTERNALS).check(Modules.all());
    assertFails(
        () -> Rules.onlyOneUses("nobody", STREAMS_INTERNALS).check(Modules.all()),
        STREAMS_INTERNALS_USER);
  }

  @Test
  void onlyTheEmbeddedBrokerTouchesTheInternalsOfTheServer() {
    Rules.onlyOneUses(SERVER_INTERNALS_USER, SERVER_INTERNALS).check(Modules.all());
    assertFails(
        () -> Rules.onlyOneUses("nobody", SERVER_INTERNALS).check(Modules.all()),
        SERVER_INTERNALS_USER);
  }

  @ParameterizedTest
  @EnumSource
  void everyPackageIsNullMarked(Module module) {
    Rules.packagesAreNullMarked().check(Modules.of(module));
  }

  @Test
  void everyPackageOfTheseTestsIsNullMarked() {
    Rules.packagesAreNullMarked()
        .check(new ClassFileImporter().importPackages("io.millrace.tests"));
  }

  @Test
  void aPackageWithoutNullMarkedWouldBeFound() {
    assertFails(
        () ->
            Rules.packagesAreNullMarked()
                .check(new ClassFileImporter().importPackages("org.apache.avro.io")),
        "org.apache.avro.io");
  }

  /** The packages below {@code root} that have classes, as in the maps above. */
  private static SortedSet<String> packagesOf(Module module, String root) {
    return Modules.of(module).stream()
        .map(JavaClass::getPackageName)
        .map(name -> name.equals(root) ? "" : name.substring(root.length() + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
