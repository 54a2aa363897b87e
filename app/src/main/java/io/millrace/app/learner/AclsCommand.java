package io.millrace.app.learner;

import io.millrace.app.access.Acl;
import io.millrace.app.access.Creates;
import io.millrace.app.access.RequiredAcls;
import io.millrace.app.access.Role;
import io.millrace.app.json.JsonLine;
import io.millrace.app.json.JsonOption;
import io.millrace.app.process.VersionProvider;
import io.millrace.topology.config.LearnerConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints the rights that a cluster has to grant. */
@Command(
    name = "acls",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Prints the rights that each program needs, and no more.",
      "They are for a cluster with ACLs. Asks no broker: the configuration alone decides."
    })
public final class AclsCommand implements Callable<Integer> {

  /** Whose rights are asked for. */
  enum Programs {
    ALL,
    LEARNER,
    PRODUCER,
    CONSUMER,
    REPLAY,
    PREDICTOR,
    JOINER,
    OPERATOR,
    SERVER,
    DASHBOARD;

    List<Role> roles() {
      return switch (this) {
        case ALL -> List.of(Role.values());
        case LEARNER -> List.of(Role.LEARNER);
        case PRODUCER -> List.of(Role.PRODUCER);
        case CONSUMER -> List.of(Role.CONSUMER);
        case REPLAY -> List.of(Role.REPLAY);
        case PREDICTOR -> List.of(Role.PREDICTOR);
        case JOINER -> List.of(Role.JOINER);
        case OPERATOR -> List.of(Role.OPERATOR);
        case SERVER -> List.of(Role.SERVER);
        case DASHBOARD -> List.of(Role.DASHBOARD);
      };
    }
  }

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--role",
      paramLabel = "PROGRAM",
      defaultValue = "all",
      description = {
        "learner, producer, consumer, replay, predictor, joiner, operator, server, dashboard or",
        "all",
        "(default: ${DEFAULT-VALUE})."
      })
  private Programs programs = Programs.ALL;

  @Option(
      names = "--principal",
      paramLabel = "TYPE:NAME",
      description = "Who is to have them (default: User:millrace- and the program).")
  private @Nullable String principal;

  @Option(
      names = "--topics-exist",
      description = {
        "Leaves out the rights to create topics, Kafka Streams' changelog among them;",
        "with --format kafka-acls, prints the commands that make the topics beforehand."
      })
  private boolean topicsExist;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      converter = AclFormat.Converter.class,
      description = "table, kafka-acls (commands) or json (default: ${DEFAULT-VALUE}).")
  private AclFormat format = AclFormat.TABLE;

  @Mixin private JsonOption json = new JsonOption();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() {
    if (principal != null && !principal.matches("[^:]+:.+")) {
      throw new ParameterException(
          spec.commandLine(),
          "--principal: expected TYPE:NAME such as User:millrace, got " + principal);
    }
    LearnerConfigFile.Loaded loaded = options.load();
    LearnerConfig config = loaded.config();
    Creates creates = loaded.createTopics() ? Creates.ALL : Creates.CHANGELOG;
    List<AclFormat.Grant> grants = new ArrayList<>();
    for (Role role : programs.roles()) {
      String program = role.name().toLowerCase(Locale.ROOT).replace('_', '-');
      List<Acl> acls =
          RequiredAcls.of(role, loaded.programs(), topicsExist ? Creates.NONE : creates);
      grants.add(
          new AclFormat.Grant(
              program, principal == null ? "User:millrace-" + program : principal, acls));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isOn()) {
      grants.forEach(grant -> grant.acls().forEach(acl -> print(grant, acl, out)));
      return 0;
    }
    if (format == AclFormat.KAFKA_ACLS) {
      out.print(ShellText.ADMIN_NOTE);
      out.print(topicsExist ? TopicCommands.of(loaded) : "");
    }
    out.print(format.print(grants, config.kafka().getOrDefault("bootstrap.servers", "")));
    out.flush();
    return 0;
  }

  private static void print(AclFormat.Grant grant, Acl acl, PrintWriter out) {
    JsonLine line = JsonLine.event("right");
    AclFormat.fields(grant, acl).forEach(line::with);
    line.print(out);
  }
}
