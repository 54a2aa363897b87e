package io.millrace.app.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Who is in the program's consumer group, how far it is behind, and whether it can go on there. */
final class GroupCheck implements Check {

  private static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private final Brokers brokers;
  private final String group;
  private final Set<String> topics;

  GroupCheck(Brokers brokers, String group, Set<String> topics) {
    this.brokers = brokers;
    this.group = group;
    this.topics = topics;
  }

  @Override
  public String subject() {
    return "group";
  }

  @Override
  public List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    String members = members(findings);
    Map<TopicPartition, Long> committed = committed();
    Map<TopicPartition, Long> first = offsets(committed, OffsetSpec.earliest());
    Map<TopicPartition, Long> end = offsets(committed, OffsetSpec.latest());
    long lag = 0;
    for (Map.Entry<TopicPartition, Long> entry : committed.entrySet()) {
      TopicPartition partition = entry.getKey();
      long lost = first.getOrDefault(partition, 0L) - entry.getValue();
      long behind = end.getOrDefault(partition, 0L) - entry.getValue();
      lag += Math.max(0, behind);
      if (lost > 0) {
        findings.add(
            fault(
                String.format(
                    Locale.ROOT,
                    "%s: group %s would go on at offset %,d, but the topic begins at %,d: up to"
                        + " %,d records were deleted before they were read",
                    partition,
                    group,
                    entry.getValue(),
                    first.getOrDefault(partition, 0L),
                    lost),
                "raise retention.ms or retention.bytes of "
                    + partition.topic()
                    + "; what was deleted is not learned from, unless it is sent again"));
      } else if (behind < 0) {
        findings.add(
            fault(
                String.format(
                    Locale.ROOT,
                    "%s: group %s would go on at offset %,d, but the topic ends at %,d: it was"
                        + " made anew",
                    partition,
                    group,
                    entry.getValue(),
                    end.getOrDefault(partition, 0L)),
                "give the model a new kafka.application.id, or delete the group: kafka-groups.sh"
                    + " or kafka-consumer-groups.sh --delete --group "
                    + group));
      } else {
        expiring(partition, entry.getValue(), behind, findings);
      }
    }
    if (findings.isEmpty()) {
      findings.add(
          fine(
              committed.isEmpty()
                  ? group + " has read nothing yet" + members
                  : String.format(Locale.ROOT, "%s is %,d records behind%s", group, lag, members)));
    }
    return findings;
  }

  /** Members from this cluster's point of view, for the line that says that all is well. */
  private String members(List<Finding> findings) {
    ConsumerGroupDescription description;
    try {
      description = brokers.group(group);
    } catch (GroupIdNotFoundException e) {
      return "";
    }
    if (description.members().isEmpty()) {
      return ", nobody in it now";
    }
    String hosts =
        description.members().stream()
            .map(member -> member.host().replace("/", ""))
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    findings.add(
        warning(
            "a program with application.id "
                + group
                + " runs already, from "
                + hosts
                + " ("
                + description.groupState()
                + ", "
                + description.members().size()
                + " in it): another only stands by",
            "nothing, if that is meant; a model of its own needs another model or"
                + " kafka.application.id"));
    return "";
  }

  /** Where the next record to be read is close to its deletion. */
  private void expiring(
      TopicPartition partition, long offset, long behind, List<Finding> findings) {
    if (behind == 0) {
      return;
    }
    Map<String, String> settings;
    try {
      settings = brokers.settings(ConfigResource.Type.TOPIC, partition.topic());
    } catch (ApiException e) {
      return;
    }
    long retentionMs = Long.parseLong(settings.getOrDefault("retention.ms", "-1"));
    if (retentionMs < 0 || !settings.getOrDefault("cleanup.policy", "delete").contains("delete")) {
      return;
    }
    // The first record that is younger tells where those begin that will last.
    long lastingMs = System.currentTimeMillis() - retentionMs / 2;
    ListOffsetsResultInfo lasting =
        Brokers.ask(
            brokers
                .admin()
                .listOffsets(Map.of(partition, OffsetSpec.forTimestamp(lastingMs)))
                .partitionResult(partition));
    boolean allOld = lasting.offset() < 0;
    if (allOld || lasting.offset() > offset) {
      findings.add(
          warning(
              String.format(
                  Locale.ROOT,
                  "%s: %,d records wait, the oldest more than half of retention.ms (%s) old: they"
                      + " will be deleted before they are read",
                  partition,
                  behind,
                  Duration.ofMillis(retentionMs)),
              "start the program, or raise retention.ms of " + partition.topic()));
    }
  }

  private Map<TopicPartition, Long> committed() {
    Map<TopicPartition, Long> committed = new TreeMap<>(ORDER);
    try {
      Map<TopicPartition, OffsetAndMetadata> all =
          Brokers.ask(
              brokers.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
      all.forEach((partition, offset) -> {
        if (offset != null && topics.contains(partition.topic())) {
          committed.put(partition, offset.offset());
        }
      });
    } catch (GroupIdNotFoundException e) {
      return committed;
    }
    return committed;
  }

  private Map<TopicPartition, Long> offsets(Map<TopicPartition, Long> of, OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    of.keySet().forEach(partition -> wanted.put(partition, spec));
    var answers = brokers.admin().listOffsets(wanted);
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (TopicPartition partition : of.keySet()) {
      offsets.put(partition, Brokers.ask(answers.partitionResult(partition)).offset());
    }
    return offsets;
  }
}
