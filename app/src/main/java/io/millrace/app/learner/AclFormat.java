package io.millrace.app.learner;

import io.millrace.app.access.Acl;
import io.millrace.app.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Ways to write down who needs which rights. */
enum AclFormat {
  /** For people. */
  TABLE {
    @Override
    String print(List<Grant> grants, String bootstrapServers) {
      return grants.stream().map(AclFormat::table).collect(Collectors.joining("\n"));
    }
  },
  /** Commands of Kafka's own tool. */
  KAFKA_ACLS {
    @Override
    String print(List<Grant> grants, String bootstrapServers) {
      return grants.stream()
          .map(grant -> commands(grant, bootstrapServers))
          .collect(Collectors.joining());
    }
  },
  /** For other programs: a list with one object for each right. */
  JSON {
    @Override
    String print(List<Grant> grants, String bootstrapServers) {
      List<String> objects = new ArrayList<>();
      grants.forEach(
          grant -> grant.acls().forEach(acl -> objects.add(JsonText.line(fields(grant, acl)))));
      return objects.stream().collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
    }
  };

  /** The rights of one program, and who is to have them. */
  record Grant(String program, String principal, List<Acl> acls) {}

  /** Takes {@code kafka-acls} for {@link #KAFKA_ACLS}. */
  static final class Converter implements ITypeConverter<AclFormat> {
    @Override
    public AclFormat convert(String text) {
      for (AclFormat format : values()) {
        if (text.equalsIgnoreCase(format.name().replace('_', '-'))) {
          return format;
        }
      }
      throw new TypeConversionException("expected table, kafka-acls or json, got " + text);
    }
  }

  abstract String print(List<Grant> grants, String bootstrapServers);

  private static String table(Grant grant) {
    int nameWidth = grant.acls().stream().mapToInt(acl -> name(acl).length()).max().orElse(0);
    String row = "  %-17s %-" + Math.max(1, nameWidth) + "s  %-9s  %s%n";
    StringBuilder out = new StringBuilder();
    out.append(grant.program()).append(", as ").append(grant.principal()).append('\n');
    for (Acl acl : grant.acls()) {
      out.append(
          String.format(
              Locale.ROOT,
              row.replace("%n", "\n"),
              resource(acl),
              name(acl),
              acl.operation(),
              acl.purpose()));
    }
    return out.toString();
  }

  private static String resource(Acl acl) {
    return acl.resource().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String name(Acl acl) {
    return acl.pattern() == PatternType.PREFIXED ? acl.name() + "*" : acl.name();
  }

  /** One command for each resource, with all of its operations. */
  private static String commands(Grant grant, String bootstrapServers) {
    Map<String, List<AclOperation>> byResource = new LinkedHashMap<>();
    for (Acl acl : grant.acls()) {
      String resource =
          "--"
              + resource(acl)
              + " "
              + ShellText.quote(acl.name())
              + (acl.pattern() == PatternType.PREFIXED ? " --resource-pattern-type prefixed" : "");
      byResource.computeIfAbsent(resource, _ -> new ArrayList<>()).add(acl.operation());
    }
    StringBuilder out = new StringBuilder("# " + grant.program() + "\n");
    byResource.forEach((resource, operations) -> {
      out.append(ShellText.command("kafka-acls.sh", bootstrapServers))
          .append(" --add --allow-principal ")
          .append(ShellText.quote(grant.principal()));
      for (AclOperation operation : operations) {
        out.append(" --operation ").append(operation);
      }
      out.append(' ').append(resource).append('\n');
    });
    return out.toString();
  }

  /** What a right consists of, by the names that other programs know. */
  static Map<String, String> fields(Grant grant, Acl acl) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("program", grant.program());
    fields.put("principal", grant.principal());
    fields.put("host", Acl.ANY_HOST);
    fields.put("permission", "ALLOW");
    fields.put("operation", acl.operation().name());
    fields.put("resourceType", acl.resource().name());
    fields.put("patternType", acl.pattern().name());
    fields.put("name", acl.name());
    fields.put("purpose", acl.purpose());
    return fields;
  }
}
