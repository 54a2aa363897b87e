package io.millrace.schemas;

/**
 * The headers of a dead letter; every value is UTF-8 text, numbers in decimal. The first group has
 * the names that Kafka Streams gives its own dead letters, so that a tool for those reads ours.
 */
public final class DeadLetterHeaders {
  /** What was wrong, for people. */
  public static final String MESSAGE = "__streams.errors.message";

  /** The class of the exception, where there was one. */
  public static final String EXCEPTION = "__streams.errors.exception";

  /** The topic that the record came from. */
  public static final String TOPIC = "__streams.errors.topic";

  /** The partition that it came from. */
  public static final String PARTITION = "__streams.errors.partition";

  /** Its offset there. */
  public static final String OFFSET = "__streams.errors.offset";

  /** What was wrong, for programs: the name of a {@link DeadLetterReason}. */
  public static final String REASON = "millrace.reason";

  /** Where it was found: the name of the topology's node. */
  public static final String STAGE = "millrace.stage";

  private DeadLetterHeaders() {}
}
