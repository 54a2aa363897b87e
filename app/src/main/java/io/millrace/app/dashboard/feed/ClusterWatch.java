package io.millrace.app.dashboard.feed;

import io.millrace.app.dashboard.feed.ClusterView.Broker;
import io.millrace.app.dashboard.feed.ClusterView.Group;
import io.millrace.app.dashboard.feed.ClusterView.Member;
import io.millrace.app.dashboard.feed.ClusterView.Partition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a cluster every few seconds for its partitions, its brokers and the learner's group, as long
 * as somebody looks. What may not be seen is left out.
 */
public final class ClusterWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
  private static final long TICK_MS = 500;
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int TIMEOUT_MS = 4_000;

  private final Map<String, String> client;
  private final Collection<String> topics;
  private final String group;
  private final BooleanSupplier watched;
  private final Listener listener;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("millrace-page-cluster").daemon().factory());
  private @Nullable Admin admin;
  private boolean asked;
  private boolean wasWatched;
  private long askedNanos;

  /** Hears how the cluster is. */
  public interface Listener {
    /** It answered. */
    void answered(ClusterView view);

    /** It did not, for this reason. */
    void failed(String reason);
  }

  private ClusterWatch(
      Map<String, String> client,
      Collection<String> topics,
      String group,
      BooleanSupplier watched,
      Listener listener) {
    this.client = client;
    this.topics = List.copyOf(topics);
    this.group = group;
    this.watched = watched;
    this.listener = listener;
  }

  /**
   * Begins to ask.
   *
   * @param watched whether anybody wants to know
   * @param listener called on the watch's own thread
   */
  public static ClusterWatch start(
      Map<String, String> client,
      Collection<String> topics,
      String group,
      BooleanSupplier watched,
      Listener listener) {
    ClusterWatch watch = new ClusterWatch(client, topics, group, watched, listener);
    var _ = watch.ticker.scheduleWithFixedDelay(watch::tick, 0, TICK_MS, TimeUnit.MILLISECONDS);
    return watch;
  }

  private void tick() {
    boolean before = wasWatched;
    wasWatched = watched.getAsBoolean();
    boolean due = System.nanoTime() - askedNanos >= INTERVAL_NANOS;
    if (asked && !(wasWatched && (!before || due))) {
      return;
    }
    asked = true;
    askedNanos = System.nanoTime();
    try {
      if (admin == null) {
        admin = open();
      }
      listener.answered(ask(admin));
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      listener.failed(
          cause.getClass().getSimpleName()
              + (cause.getMessage() == null ? "" : ": " + cause.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Admin open() {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS / 2);
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    return Admin.create(properties);
  }

  private ClusterView ask(Admin of)
      throws ExecutionException, InterruptedException, TimeoutException {
    DescribeClusterResult cluster = of.describeCluster();
    Collection<Node> nodes = get(cluster.nodes());
    Node controller = get(cluster.controller());
    List<Broker> brokers =
        nodes.stream()
            .sorted(Comparator.comparingInt(Node::id))
            .map(node ->
                new Broker(
                    node.id(),
                    node.host(),
                    node.port(),
                    controller != null && controller.id() == node.id()))
            .toList();
    return new ClusterView(partitions(of), group(of), brokers);
  }

  private List<Partition> partitions(Admin of) throws InterruptedException {
    List<TopicDescription> descriptions = new ArrayList<>();
    for (KafkaFuture<TopicDescription> topic :
        of.describeTopics(topics).topicNameValues().values()) {
      seen(topic, descriptions::add);
    }
    Map<TopicPartition, OffsetSpec> first = new HashMap<>();
    Map<TopicPartition, OffsetSpec> last = new HashMap<>();
    for (TopicDescription topic : descriptions) {
      for (TopicPartitionInfo info : topic.partitions()) {
        TopicPartition partition = new TopicPartition(topic.name(), info.partition());
        first.put(partition, OffsetSpec.earliest());
        last.put(partition, OffsetSpec.latest());
      }
    }
    ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    ListOffsetsResult starts = of.listOffsets(first);
    ListOffsetsResult ends = of.listOffsets(last, committed);
    Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
    seen(of.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(), read::putAll);
    List<Partition> partitions = new ArrayList<>();
    descriptions.sort(Comparator.comparing(TopicDescription::name));
    for (TopicDescription topic : descriptions) {
      for (TopicPartitionInfo info : topic.partitions()) {
        TopicPartition partition = new TopicPartition(topic.name(), info.partition());
        OffsetAndMetadata offset = read.get(partition);
        partitions.add(
            new Partition(
                topic.name(),
                info.partition(),
                offset(starts, partition),
                offset(ends, partition),
                offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset()),
                info.leader() == null ? -1 : info.leader().id(),
                info.isr().stream().map(Node::id).toList()));
      }
    }
    return partitions;
  }

  private Optional<Group> group(Admin of) throws InterruptedException {
    List<ConsumerGroupDescription> found = new ArrayList<>();
    seen(of.describeConsumerGroups(List.of(group)).describedGroups().get(group), found::add);
    return found.stream().findFirst().map(ClusterWatch::group);
  }

  private static Group group(ConsumerGroupDescription description) {
    return new Group(
        description.groupId(),
        description.groupState().toString(),
        description.members().stream()
            .map(member ->
                new Member(
                    member.consumerId(),
                    member.host(),
                    member.clientId(),
                    member.assignment().topicPartitions().stream()
                        .map(TopicPartition::toString)
                        .sorted()
                        .toList()))
            .toList());
  }

  private static long offset(ListOffsetsResult offsets, TopicPartition partition)
      throws InterruptedException {
    long[] found = {-1};
    seen(offsets.partitionResult(partition), result -> found[0] = result.offset());
    return found[0];
  }

  /** Hands on what was answered; what is not there or may not be seen is passed over. */
  private static <T> void seen(@Nullable KafkaFuture<T> future, Consumer<T> sink)
      throws InterruptedException {
    if (future == null) {
      return;
    }
    try {
      sink.accept(get(future));
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("page: not seen", e);
    }
  }

  private static <T> T get(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    try {
      boolean ended = ticker.awaitTermination(2, TimeUnit.SECONDS);
      LOG.debug("page: watch of the cluster {}", ended ? "ended" : "still waits for it");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }
}
