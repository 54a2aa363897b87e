package io.millrace.app.access;

/** Which topics a program makes by itself where they are missing. */
public enum Creates {
  /** Its own and, for the learner, Kafka Streams' changelog. */
  ALL,
  /** The changelog alone: Kafka Streams makes it whatever Millrace is told. */
  CHANGELOG,
  /** None: all were made beforehand. */
  NONE
}
