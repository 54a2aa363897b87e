package io.millrace.tests.security;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.app.produce.TopicSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Does what printed commands of Kafka's tools would do, so that a test tries what users type. */
final class PrintedCommands {

  private PrintedCommands() {}

  /** The rights that the {@code kafka-acls.sh} commands of a text grant. */
  static List<AclBinding> rights(String text) {
    List<AclBinding> rights = new ArrayList<>();
    for (List<String> command : commands(text, "kafka-acls.sh")) {
      Map<String, List<String>> options = options(command);
      ResourcePattern resource = resource(options);
      for (String operation : values(options, "--operation")) {
        rights.add(
            new AclBinding(
                resource,
                new AccessControlEntry(
                    values(options, "--allow-principal").getFirst(),
                    "*",
                    AclOperation.fromString(operation),
                    AclPermissionType.ALLOW)));
      }
    }
    return rights;
  }

  /** The topics that the {@code kafka-topics.sh} commands of a text make. */
  static List<TopicSpec> topics(String text) {
    List<TopicSpec> topics = new ArrayList<>();
    for (List<String> command : commands(text, "kafka-topics.sh")) {
      Map<String, List<String>> options = options(command);
      Map<String, String> config = new HashMap<>();
      for (String setting : values(options, "--config")) {
        int equals = setting.indexOf('=');
        config.put(setting.substring(0, equals), setting.substring(equals + 1));
      }
      topics.add(
          TopicSpec.of(
              values(options, "--topic").getFirst(),
              Integer.parseInt(values(options, "--partitions").getFirst()),
              config));
    }
    return topics;
  }

  private static ResourcePattern resource(Map<String, List<String>> options) {
    PatternType pattern =
        values(options, "--resource-pattern-type").contains("prefixed")
            ? PatternType.PREFIXED
            : PatternType.LITERAL;
    for (ResourceType type :
        List.of(ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)) {
      String option = "--" + type.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
      if (options.containsKey(option)) {
        return new ResourcePattern(type, values(options, option).getFirst(), pattern);
      }
    }
    throw new AssertionError("expected a resource in " + options);
  }

  private static List<List<String>> commands(String text, String tool) {
    return text.lines()
        .map(line -> List.of(line.split(" ", -1)))
        .filter(words -> words.getFirst().equals(tool))
        .toList();
  }

  /** Values by option; none of the names in these tests needs quotes. */
  private static Map<String, List<String>> options(List<String> command) {
    Map<String, List<String>> options = new HashMap<>();
    for (int i = 1; i < command.size(); i++) {
      String option = command.get(i);
      assertEquals("--", option.substring(0, 2), () -> "an option in " + command);
      List<String> values = options.computeIfAbsent(option, _ -> new ArrayList<>());
      if (i + 1 < command.size() && !command.get(i + 1).startsWith("--")) {
        i++;
        values.add(command.get(i));
      }
    }
    return options;
  }

  private static List<String> values(Map<String, List<String>> options, String option) {
    return options.getOrDefault(option, List.of());
  }
}
