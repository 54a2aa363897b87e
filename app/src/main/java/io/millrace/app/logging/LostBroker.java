package io.millrace.app.logging;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows from failed connections whether brokers are away for longer than it takes to restart one,
 * and says so once, and again each minute for as long as it lasts.
 */
final class LostBroker {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(60);

  /**
   * Such as {@code node -1 (localhost/127.0.0.1:9092)} or {@code broker localhost:9092 (id: -1}.
   */
  private static final Pattern ADDRESS =
      Pattern.compile("node -?\\d+ \\(/?([^)]+)\\)|broker (\\S+) \\(id");

  private boolean failing;
  private long firstNanos;
  private long newestNanos;
  private long saidNanos;
  private boolean said;

  /** Takes a warning that a connection failed; what is to be said of it, if anything. */
  synchronized Optional<String> failed(String text, long nowNanos) {
    if (!failing || nowNanos - newestNanos > FORGET_NANOS) {
      failing = true;
      firstNanos = nowNanos;
      said = false;
    }
    newestNanos = nowNanos;
    boolean due =
        said ? nowNanos - saidNanos >= REPEAT_NANOS : nowNanos - firstNanos >= PATIENCE_NANOS;
    if (!due) {
      return Optional.empty();
    }
    String still = said ? "still " : "";
    said = true;
    saidNanos = nowNanos;
    return Optional.of(
        still
            + "no broker answers at "
            + address(text)
            + "; it is tried again until one does. Check that it runs and that bootstrap.servers"
            + " names it");
  }

  private static String address(String text) {
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.find()) {
      return "the address of bootstrap.servers";
    }
    return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
  }
}
