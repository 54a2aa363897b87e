package io.millrace.app.doctor;

import io.millrace.app.access.Acl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Whether the login has each right that the program needs. Nothing is written: brokers tell of a
 * topic or group what one may do with it, and a topic can be asked for without being made.
 */
final class RightsCheck implements Check {

  private final Brokers brokers;
  private final List<Acl> needed;
  private final String program;

  /**
   * A check of a program's rights.
   *
   * @param needed those, with the ones to create topics, which count where a topic is missing
   * @param program such as {@code learner}
   */
  RightsCheck(Brokers brokers, List<Acl> needed, String program) {
    this.brokers = brokers;
    this.needed = needed;
    this.program = program;
  }

  @Override
  public String subject() {
    return "rights";
  }

  @Override
  public List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    Set<String> unseen = new TreeSet<>();
    int held = topics(findings, unseen);
    for (Acl acl : needed) {
      if (acl.resource() == ResourceType.GROUP) {
        held += group(acl, findings, unseen);
      } else if (acl.resource() == ResourceType.TRANSACTIONAL_ID) {
        held += transactionalId(acl, findings, unseen);
      }
    }
    if (!unseen.isEmpty()) {
      findings.add(unknown("cannot be seen before they are there: " + String.join(", ", unseen)));
    }
    if (held > 0) {
      findings.addFirst(fine("the " + program + " has " + held + " of its rights"));
    }
    return findings;
  }

  private int topics(List<Finding> findings, Set<String> unseen) {
    Map<String, List<AclOperation>> byTopic = new LinkedHashMap<>();
    needed.stream()
        .filter(acl -> acl.resource() == ResourceType.TOPIC)
        .forEach(acl ->
            byTopic.computeIfAbsent(acl.name(), _ -> new ArrayList<>()).add(acl.operation()));
    Map<String, Brokers.Told> told = brokers.topics(byTopic.keySet());
    int held = 0;
    for (Map.Entry<String, List<AclOperation>> entry : byTopic.entrySet()) {
      String topic = "topic " + entry.getKey();
      Set<AclOperation> wanted = new TreeSet<>(entry.getValue());
      boolean mayCreate = wanted.remove(AclOperation.CREATE);
      Brokers.Told what = told.getOrDefault(entry.getKey(), Brokers.Told.NOTHING);
      if (what.topic().isPresent()) {
        Set<AclOperation> granted = what.topic().get().authorizedOperations();
        int before = wanted.size();
        if (granted != null) {
          wanted.removeIf(granted::contains);
        }
        held += before - wanted.size();
        if (!wanted.isEmpty()) {
          findings.add(missing(topic, wanted));
        }
      } else if (what.refusal().filter(AuthorizationException.class::isInstance).isPresent()) {
        findings.add(missing(topic, wanted));
      } else {
        unseen.add(topic);
        if (mayCreate) {
          held += creation(entry.getKey(), findings);
        }
      }
    }
    return held;
  }

  /** Asks for the topic as if it were to be made, and stops there. */
  private int creation(String topic, List<Finding> findings) {
    NewTopic request = new NewTopic(topic, Optional.of(1), Optional.empty());
    try {
      Brokers.ask(
          brokers
              .admin()
              .createTopics(List.of(request), new CreateTopicsOptions().validateOnly(true))
              .all());
      return 1;
    } catch (AuthorizationException e) {
      findings.add(missing("topic " + topic, Set.of(AclOperation.CREATE)));
    } catch (ApiException e) {
      findings.add(
          fault(
              "topic " + topic + ": cannot be created: " + e.getMessage(),
              "./millrace acls --topics-exist --format kafka-acls prints how to make it by hand"));
    }
    return 0;
  }

  private int group(Acl acl, List<Finding> findings, Set<String> unseen) {
    String group = "consumer group " + acl.name();
    try {
      Set<AclOperation> granted = brokers.group(acl.name()).authorizedOperations();
      if (granted != null && granted.contains(acl.operation())) {
        return 1;
      }
      findings.add(missing(group, Set.of(acl.operation())));
    } catch (AuthorizationException e) {
      findings.add(missing(group, Set.of(acl.operation())));
    } catch (ApiException e) {
      // There is no such group yet; it may be described at least.
      unseen.add(group);
    }
    return 0;
  }

  /**
   * WRITE brings DESCRIBE with it, and nobody grants that alone; so what may be seen may be used.
   */
  private int transactionalId(Acl acl, List<Finding> findings, Set<String> unseen) {
    String id = acl.name() + "doctor";
    try {
      Brokers.ask(brokers.admin().describeTransactions(List.of(id)).description(id));
      return 1;
    } catch (AuthorizationException e) {
      findings.add(
          missing("transactional ids that begin with " + acl.name(), Set.of(acl.operation())));
    } catch (TransactionalIdNotFoundException e) {
      return 1;
    } catch (ApiException e) {
      unseen.add("transactional ids (" + e.getMessage() + ")");
    }
    return 0;
  }

  private Finding missing(String resource, Set<AclOperation> rights) {
    String names =
        rights.stream().sorted().map(AclOperation::name).collect(Collectors.joining(" and "));
    return fault(
        resource + ": expected the right to " + names + ", got none",
        "./millrace acls --role "
            + program.toLowerCase(Locale.ROOT)
            + " --format kafka-acls prints the commands that grant it");
  }
}
