package io.millrace.app.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  private enum Rule {
    HEAVY_BALL,
    AVERAGING
  }

  private record Optimizer(double momentum, double floor) {
    Optimizer {
      if (floor > momentum) {
        throw new IllegalArgumentException(
            "floor: expected at most " + momentum + ", got " + floor);
      }
    }
  }

  /** One key of each kind, as an application would read them. */
  private record Settings(
      String name,
      Optional<String> note,
      int batch,
      long seed,
      double momentum,
      boolean nesterov,
      Duration linger,
      Rule rule,
      List<String> hosts,
      List<Long> milestones,
      Pair size,
      Map<String, String> kafka) {
    static Settings read(ConfigReader reader) {
      Section root = reader.root();
      Section inner = root.section("optimizer", "How weights move");
      Settings settings =
          new Settings(
              root.string("name", "Name of the model"),
              root.optionalString("note", "Anything"),
              root.integer("batch", 32, 1, 4096, "Images per minibatch"),
              root.longInteger("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE, "Seed of everything"),
              inner.number("momentum", 0.9, Range.closedOpen(0, 1), "Share of the velocity kept"),
              inner.bool("nesterov", false, "Whether to look ahead"),
              root.duration(
                  "linger",
                  Duration.ofMillis(200),
                  Duration.ZERO,
                  Duration.ofHours(1),
                  "How long a minibatch waits"),
              inner.choice("rule", Rule.HEAVY_BALL, "Which momentum"),
              root.strings("hosts", List.of("localhost"), "Who may come"),
              inner.longs("milestones", List.of(), 1, Long.MAX_VALUE, "When the rate falls"),
              root.pair("size", new Pair(28, 28), 1, 4096, "Height and width"),
              root.properties(
                  "kafka", Map.of("bootstrap.servers", "localhost:9092"), "Passed to Kafka"));
      reader.finish();
      return settings;
    }
  }

  private static Settings read(String text, String... overrides) {
    return Settings.read(ConfigReader.of(YamlFile.parse("learner.yaml", text), List.of(overrides)));
  }

  private static String mistake(String text, String... overrides) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> read(text, overrides)).getMessage());
  }

  @Test
  void absentKeysTakeTheirDefaults() {
    assertEquals(
        new Settings(
            "net",
            Optional.empty(),
            32,
            1,
            0.9,
            false,
            Duration.ofMillis(200),
            Rule.HEAVY_BALL,
            List.of("localhost"),
            List.of(),
            new Pair(28, 28),
            Map.of("bootstrap.servers", "localhost:9092")),
        read("name: net\noptimizer:\n"));
  }

  @Test
  void givenKeysHold() {
    assertEquals(
        new Settings(
            "net 2",
            Optional.of("null"),
            8,
            -9_223_372_036_854_775_808L,
            0.5,
            true,
            Duration.ofMinutes(2),
            Rule.AVERAGING,
            List.of("a", "b:1"),
            List.of(5L, 7L),
            new Pair(3, 5),
            Map.of("bootstrap.servers", "b:1", "linger.ms", "5")),
        read(
            """
            name: net 2
            note: "null"
            batch: 8
            seed: -9223372036854775808
            linger: 2m
            hosts: [a, b:1]
            size: [3, 5]
            optimizer: {momentum: 5e-1, nesterov: true, rule: averaging, milestones: [5, 7]}
            kafka:
              bootstrap.servers: b:1
              linger.ms: 5
            """));
  }

  @Test
  void overridesWinOverTheFile() {
    Settings settings =
        read(
            "name: net\nbatch: 8\noptimizer: {momentum: 0.5, nesterov: true}\n",
            "optimizer.momentum=0.25",
            "batch=9",
            "batch=10",
            "optimizer.milestones=[3, 4]",
            "kafka.bootstrap.servers=c:2",
            "kafka.acks=all",
            "note=a = b");
    assertEquals(0.25, settings.momentum());
    assertEquals(true, settings.nesterov());
    assertEquals(10, settings.batch());
    assertEquals(List.of(3L, 4L), settings.milestones());
    assertEquals(Map.of("bootstrap.servers", "c:2", "acks", "all"), settings.kafka());
    assertEquals(Optional.of("a = b"), settings.note());
  }

  @Test
  void aWholeSectionCanBeOverridden() {
    Settings settings =
        read(
            "name: net\noptimizer: {momentum: 0.5, nesterov: true}\n",
            "optimizer={momentum: 0.75}",
            "optimizer.rule=averaging");
    assertEquals(0.75, settings.momentum());
    assertEquals(false, settings.nesterov());
    assertEquals(Rule.AVERAGING, settings.rule());
  }

  @Test
  void noFileIsNeededForDefaultsAndOverrides() {
    assertEquals(
        "net", Settings.read(ConfigReader.withoutFile("defaults", List.of("name=net"))).name());
    assertEquals(
        "defaults: name: missing; expected a text",
        assertThrows(
                ConfigException.class,
                () -> Settings.read(ConfigReader.withoutFile("defaults", List.of())))
            .getMessage());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          batch: 0             | learner.yaml:2:8: batch: expected a whole number from 1 to 4096, got 0
          batch: 1.5           | learner.yaml:2:8: batch: expected a whole number from 1 to 4096, got 1.5
          batch: many          | learner.yaml:2:8: batch: expected a whole number from 1 to 4096, got many
          batch: 99999999999999999999 | learner.yaml:2:8: batch: expected a whole number from 1 to 4096, got 99999999999999999999
          batch: [1]           | learner.yaml:2:8: batch: expected a whole number from 1 to 4096, got a list
          batch:               | learner.yaml:2:7: batch: expected a whole number from 1 to 4096, got nothing
          seed: 9223372036854775808 | learner.yaml:2:7: seed: expected a whole number, got 9223372036854775808
          note: {a: 1}         | learner.yaml:2:7: note: expected a text, got a section with keys
          linger: 5            | learner.yaml:2:9: linger: expected a duration from 0s to 1h, written like 250ms, 5s, 2m, 1h or 7d, got 5
          linger: 61m          | learner.yaml:2:9: linger: expected a duration from 0s to 1h, written like 250ms, 5s, 2m, 1h or 7d, got 61m
          hosts: a             | learner.yaml:2:8: hosts: expected a list of texts, got a
          hosts: [a, ~]        | learner.yaml:2:12: hosts: expected a list of texts, got nothing
          size: [1, 2, 3]      | learner.yaml:2:7: size: expected a whole number or a list of two from 1 to 4096, got a list
          size: [1, 0]         | learner.yaml:2:11: size: expected a whole number or a list of two from 1 to 4096, got 0
          optimizer: 3         | learner.yaml:2:12: optimizer: expected a section with keys, got 3
          optimizer: {momentum: 1}     | learner.yaml:2:23: optimizer.momentum: expected a number in [0, 1), got 1
          optimizer: {momentum: .nan}  | learner.yaml:2:23: optimizer.momentum: expected a number in [0, 1), got .nan
          optimizer: {nesterov: yes}   | learner.yaml:2:23: optimizer.nesterov: expected true or false, got yes
          optimizer: {rule: HEAVY_BALL} | learner.yaml:2:19: optimizer.rule: expected one of heavyBall, averaging, got HEAVY_BALL
          optimizer: {milestones: [1, 0]} | learner.yaml:2:29: optimizer.milestones: expected a list of whole numbers of at least 1, got 0
          kafka: {a: [1]}      | learner.yaml:2:12: kafka.a: expected a text, got a list
          optimizer: {momentun: 0.9} | learner.yaml:2:13: optimizer.momentun: unknown key; did you mean momentum?
          optimizer: {adam: 1} | learner.yaml:2:13: optimizer.adam: unknown key; expected one of momentum, nesterov, rule, milestones
          btach: 5             | learner.yaml:2:1: btach: unknown key; did you mean batch?
          """)
  void mistakesSayWhereWhatAndWhatCame(String line, String message) {
    assertEquals(message, mistake("name: net\n" + line + "\n"));
  }

  @Test
  void aMissingKeyIsNamedOrItsMistypedForm() {
    assertEquals("learner.yaml:1:1: name: missing; expected a text", mistake("batch: 3\n"));
    assertEquals(
        "learner.yaml:2:1: nam: unknown key; did you mean name?", mistake("batch: 3\nnam: x\n"));
  }

  @Test
  void mistakesInOverridesNameTheOverride() {
    String file = "name: net\n";
    assertEquals(
        "--set optimizer.momentum: expected a number in [0, 1), got 1.5",
        mistake(file, "optimizer.momentum=1.5"));
    assertEquals(
        "--set optimizer.momentun: unknown key; did you mean momentum?",
        mistake(file, "optimizer.momentun=0.5"));
    assertEquals(
        "--set optimiser.momentum: unknown key; did you mean optimizer?",
        mistake(file, "optimiser.momentum=0.5"));
    assertEquals(
        "--set batch.size: unknown key; did you mean batch?", mistake(file, "batch.size=0.5"));
    assertEquals(
        "--set batch: expected a whole number from 1 to 4096, got nothing",
        mistake(file, "batch="));
    assertEquals("--set: expected path.to.key=value, got batch", mistake(file, "batch"));
    assertEquals(
        "--set hosts: not YAML: while parsing a flow sequence that begins in line 1: expected ',' or"
            + " ']', but got <stream end>",
        mistake(file, "hosts=[a"));
    assertEquals(
        "--set optimizer: optimizer.rul: unknown key; did you mean rule?",
        mistake(file, "optimizer={rul: averaging}"));
  }

  @Test
  void mistakesThatAConstructorFindsAreLocatedAtTheirKey() {
    String text = "optimizer:\n  momentum: 0.5\n  floor: 0.75\n";
    Section section =
        ConfigReader.of(YamlFile.parse("learner.yaml", text), List.of())
            .root()
            .section("optimizer", "How weights move");
    double momentum = section.number("momentum", Range.atLeast(0), "");
    double floor = section.number("floor", Range.above(0), "");
    assertEquals(
        "learner.yaml:3:10: optimizer.floor: expected at most 0.5, got 0.75",
        assertThrows(
                ConfigException.class, () -> section.build(() -> new Optimizer(momentum, floor)))
            .getMessage());
    assertEquals(
        "learner.yaml:2:3: optimizer: no good",
        assertThrows(
                ConfigException.class,
                () ->
                    section.build(() -> {
                      throw new IllegalArgumentException("no good");
                    }))
            .getMessage());
    assertEquals(new Optimizer(0.5, 0.25), section.build(() -> new Optimizer(momentum, 0.25)));
  }

  @Test
  void theEffectiveConfigurationSaysEverything() {
    ConfigReader reader =
        ConfigReader.of(
            YamlFile.parse("learner.yaml", "name: net\nkafka: {ssl.key.password: hush}\n"),
            List.of("optimizer.momentum=0.25"));
    Settings.read(reader);
    assertEquals(
        """
        # How weights move
        optimizer:
          # Share of the velocity kept (a number in [0, 1); default 0.9)
          momentum: 0.25
          # Whether to look ahead (true or false; default false)
          nesterov: false
          # Which momentum (one of heavyBall, averaging; default heavyBall)
          rule: heavyBall
          # When the rate falls (a list of whole numbers of at least 1; default [])
          milestones: []
        # Name of the model (a text)
        name: net
        # Anything (a text, or left out)
        # note:
        # Images per minibatch (a whole number from 1 to 4096; default 32)
        batch: 32
        # Seed of everything (a whole number; default 1)
        seed: 1
        # How long a minibatch waits (a duration from 0s to 1h, written like 250ms, 5s, 2m, 1h or 7d;
        # default 200ms)
        linger: 200ms
        # Who may come (a list of texts; default [localhost])
        hosts: [localhost]
        # Height and width (a whole number or a list of two from 1 to 4096; default [28, 28])
        size: [28, 28]

        # Passed to Kafka
        kafka:
          bootstrap.servers: localhost:9092
          ssl.key.password: "<hidden>"
        """,
        reader.effectiveYaml());
  }

  @Test
  void theEffectiveConfigurationReadsBackAsTheSame() {
    String file =
        """
        name: "a: b # \\"c\\" \\\\ \\u0007é"
        note: "null"
        seed: 123456789012
        linger: 90s
        hosts: ["a, b", "- c", "x:", "", "true"]
        optimizer: {momentum: 1.25e-7, milestones: [5, 7], rule: averaging}
        kafka: {"odd key: x": "~", acks: all}
        """;
    ConfigReader reader = ConfigReader.of(YamlFile.parse("a.yaml", file), List.of());
    Settings settings = Settings.read(reader);
    assertEquals(settings, read(reader.effectiveYaml()));
  }

  @Test
  void aNumberOfManyDigitsIsJudgedAtOnce() {
    String digits = "1".repeat(500_000) + "x";
    ConfigReader reader =
        ConfigReader.of(YamlFile.parse("x.yaml", "momentum: " + digits), List.of());
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThrows(
                ConfigException.class,
                () -> reader.root().number("momentum", Range.atLeast(0), "")));
  }

  @Test
  void aTextOfAnyLengthCanBePrinted() {
    String text = "b" + ":b".repeat(100_000);
    ConfigReader reader = ConfigReader.of(YamlFile.parse("x.yaml", "host: " + text), List.of());
    assertEquals(text, reader.root().string("host", "Where it is"));
    reader.finish();
    assertTrue(reader.effectiveYaml().contains("host: " + text));
  }
}
