package io.millrace.app.logging;

/** What Kafka's warnings mean that are known. */
enum KnownWarning {
  /** It is not known, and so shown. */
  NONE,
  /** It tells of nothing that anybody should do something about. */
  HARMLESS,
  /** A client cannot reach a broker; comes ten times a second for as long as this lasts. */
  NO_CONNECTION,
  /** Under exactly-once a commit failed for want of a broker; comes with a long trace. */
  TASK_LOST;

  /**
   * Finds out by who warns and by the words.
   *
   * @param logger the full name of a class
   */
  static KnownWarning of(String logger, String text) {
    return switch (logger.substring(logger.lastIndexOf('.') + 1)) {
      case "NetworkClient" ->
          text.contains("could not be established") || text.contains("disconnected")
              ? NO_CONNECTION
              : NONE;
      // What is sent again: the producer says it as an error where it gives up.
      case "Sender" ->
          (text.contains("Got error produce response") && text.contains("NETWORK_EXCEPTION"))
                  || (text.contains("invalid metadata error in produce request")
                      && text.contains("NetworkException"))
              ? NO_CONNECTION
              : NONE;
      // Only the process's id is kept there; all state comes back from the changelog.
      case "StateDirectory" -> text.contains("OS temp directory") ? HARMLESS : NONE;
      // The next line, which is TASK_LOST, tells of the same.
      case "TaskExecutor" ->
          text.contains("Committing task(s)") && text.contains("failed") ? HARMLESS : NONE;
      case "StreamThread" ->
          text.contains("Detected the states of tasks") && text.contains("are corrupted")
              ? TASK_LOST
              : NONE;
      default -> NONE;
    };
  }
}
