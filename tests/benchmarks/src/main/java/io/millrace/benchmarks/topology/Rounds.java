package io.millrace.benchmarks.topology;

import io.millrace.benchmarks.measure.Effort;
import io.millrace.benchmarks.measure.Series;
import io.millrace.benchmarks.measure.Spread;
import io.millrace.benchmarks.measure.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;

/** Windows of subjects in turn, round after round; each round begins with another subject. */
final class Rounds {
  private Rounds() {}

  /**
   * Measures, and makes up for disturbed rounds by further ones, at most as many again while the
   * patience lasts.
   *
   * @return in the order of the subjects
   */
  static List<Series> measure(List<? extends Subject> subjects, Effort effort) {
    List<NavigableMap<Integer, Window>> windows = new ArrayList<>();
    subjects.forEach(_ -> windows.add(new TreeMap<>()));
    int rounds = effort.rounds();
    double patience = effort.patienceSeconds();
    for (int round = 0; round < rounds; round++) {
      double seconds = 0;
      boolean disturbed = false;
      for (int turn = 0; turn < subjects.size(); turn++) {
        int s = (round + turn) % subjects.size();
        Window window = subjects.get(s).window(effort.windowMs());
        seconds += window.seconds();
        if (round >= effort.warmUpRounds()) {
          windows.get(s).put(round, window);
          disturbed |= window.contended(subjects.get(s).threads());
        }
      }
      if (disturbed && rounds < 2 * effort.rounds() && patience > 0) {
        rounds++;
        patience -= seconds;
      }
    }
    List<Series> series = new ArrayList<>();
    for (int s = 0; s < subjects.size(); s++) {
      series.add(new Series(subjects.get(s).name(), subjects.get(s).threads(), windows.get(s)));
    }
    return series;
  }

  /** Of two rates in each round that disturbed neither, or in all if there is none. */
  static Spread compare(Series one, Series other, ToDoubleBiFunction<Double, Double> figure) {
    boolean quiet = one.comparable(other);
    return Spread.of(
        one.windows().keySet().stream()
            .filter(round -> !quiet || (one.undisturbed(round) && other.undisturbed(round)))
            .mapToDouble(round -> figure.applyAsDouble(rate(one, round), rate(other, round)))
            .toArray());
  }

  private static double rate(Series series, int round) {
    return Objects.requireNonNull(series.windows().get(round)).rate();
  }
}
