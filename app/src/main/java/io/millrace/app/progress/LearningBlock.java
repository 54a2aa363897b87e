package io.millrace.app.progress;

import io.millrace.TrainingMetrics;
import io.millrace.app.terminal.Charts;
import io.millrace.app.terminal.Screen;
import io.millrace.app.terminal.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Draws the block: as many facts in a line as the terminal has room for. */
final class LearningBlock {

  private static final String INDENT = "  ";
  private static final String GAP = "  ";
  private static final int LABEL = 12;
  private static final int VALUE = 10;
  private static final int WIDEST_CURVE = 100;
  private static final int WIDEST_BAR = 30;

  /** Of the line with the bar, for the numbers behind it. */
  private static final int BESIDE_BAR = 66;

  private static final int NARROWEST_BAR = 10;

  private final Screen screen;

  LearningBlock(Screen screen) {
    this.screen = screen;
  }

  List<String> lines(LearningState state) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    if (state.newest().isEmpty()) {
      lines.add(INDENT + screen.styled(Style.DIM, state.waiting()));
    } else {
      draw(state, state.newest().get(), lines);
    }
    state.paused().ifPresent(reason -> flow("paused", words(reason), " ", lines, Style.YELLOW));
    return lines;
  }

  private void draw(LearningState state, TrainingMetrics metrics, List<String> lines) {
    flow("trained", trained(state.totalImages(), metrics), GAP, lines, Style.BOLD);
    int width = Math.min(WIDEST_CURVE, screen.columns() - INDENT.length() - LABEL - VALUE);
    lines.add(
        row("loss", String.format(Locale.ROOT, "%.4f", metrics.getWindowLoss()))
            + screen.styled(Style.CYAN, Charts.curve(state.losses(), width, screen.unicode())));
    lines.add(
        row("accuracy", percent(metrics.getWindowAccuracy()))
            + screen.styled(
                Style.GREEN, Charts.curve(state.accuracies(), width, screen.unicode())));
    flow("step", step(metrics), GAP, lines, Style.BOLD);
    flow("published", published(metrics), GAP, lines, Style.BOLD);
    state.downstream().ifPresent(text -> flow("downstream", words(text), " ", lines, Style.BOLD));
  }

  private List<String> trained(OptionalLong total, TrainingMetrics metrics) {
    List<String> facts = new ArrayList<>();
    double rate = metrics.getObserved().getImagesPerSecond();
    if (total.isPresent()) {
      int bar = Math.clamp(screen.columns() - BESIDE_BAR, NARROWEST_BAR, WIDEST_BAR);
      double share = total.getAsLong() == 0 ? 1 : (double) metrics.getImages() / total.getAsLong();
      facts.add(screen.styled(Style.CYAN, Charts.bar(share, bar, screen.unicode())));
      facts.add(String.format(Locale.ROOT, "%,d of %,d", metrics.getImages(), total.getAsLong()));
    } else {
      facts.add(String.format(Locale.ROOT, "%,d images", metrics.getImages()));
    }
    facts.add(String.format(Locale.ROOT, "%,.0f images/s", rate));
    long left = total.isPresent() ? total.getAsLong() - metrics.getImages() : 0;
    if (left > 0 && rate >= 1) {
      facts.add(duration(left / rate) + " left");
    }
    return facts;
  }

  private List<String> step(TrainingMetrics metrics) {
    List<String> facts = new ArrayList<>();
    facts.add(String.format(Locale.ROOT, "%,d", metrics.getStep()));
    facts.add(String.format(Locale.ROOT, "learning rate %.4g", metrics.getLearningRate()));
    facts.add(String.format(Locale.ROOT, "gradient norm %.3g", metrics.getGradientNorm()));
    long lag = lag(metrics);
    double rate = metrics.getObserved().getImagesPerSecond();
    facts.add(
        String.format(Locale.ROOT, "lag %,d", lag)
            + (lag > 0 && rate >= 1 ? " (" + duration(lag / rate) + ")" : ""));
    return facts;
  }

  private List<String> published(TrainingMetrics metrics) {
    List<String> facts = new ArrayList<>();
    facts.add(
        metrics.getSnapshotVersion() == 0
            ? "nothing yet"
            : "version " + metrics.getSnapshotVersion());
    facts.add(warned("dead letters", metrics.getRejected()));
    if (metrics.getSkippedMinibatches() > 0) {
      facts.add(warned("skipped minibatches", metrics.getSkippedMinibatches()));
    }
    return facts;
  }

  private String warned(String what, long count) {
    String text = String.format(Locale.ROOT, "%s %,d", what, count);
    return count == 0 ? text : screen.styled(Style.YELLOW, text);
  }

  private String row(String label, String value) {
    return INDENT + Style.pad(screen.styled(Style.BOLD, label), LABEL) + Style.pad(value, VALUE);
  }

  /** The facts beside one another, in further lines where they do not fit in one. */
  private void flow(String label, List<String> facts, String gap, List<String> lines, Style style) {
    StringBuilder line = new StringBuilder(INDENT + Style.pad(screen.styled(style, label), LABEL));
    int used = INDENT.length() + LABEL;
    boolean first = true;
    for (String fact : facts) {
      int width = Style.width(fact);
      if (!first && used + gap.length() + width > screen.columns()) {
        lines.add(line.toString());
        line = new StringBuilder(INDENT + " ".repeat(LABEL));
        used = INDENT.length() + LABEL;
        first = true;
      }
      line.append(first ? "" : gap).append(fact);
      used += width + (first ? 0 : gap.length());
      first = false;
    }
    lines.add(line.toString());
  }

  private static List<String> words(String text) {
    return List.of(text.split(" ", -1));
  }

  static long lag(TrainingMetrics metrics) {
    return metrics.getObserved().getLag().values().stream().mapToLong(Long::longValue).sum();
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}
