package io.millrace.app.yaml;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what someone meant who mistyped a name. */
public final class Suggestions {
  private Suggestions() {}

  /**
   * "; did you mean X?" with the nearest known name, or else all of them: "; expected one of X, Y".
   */
  public static String hint(String name, Collection<String> known) {
    if (known.isEmpty()) {
      return "; no key is known here";
    }
    return nearest(name, known)
        .map(near -> "; did you mean " + near + "?")
        .orElse("; expected one of " + String.join(", ", known));
  }

  /** The known name within a third of its length in edits, or that begins with the name. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    String lower = name.toLowerCase(Locale.ROOT);
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : known) {
      String other = candidate.toLowerCase(Locale.ROOT);
      int limit = Math.max(1, other.length() / 3);
      boolean prefix = lower.length() >= 3 && other.startsWith(lower);
      if (!prefix && Math.abs(lower.length() - other.length()) > limit) {
        continue;
      }
      int distance = prefix ? 1 : distance(lower, other);
      if (distance <= limit && distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** The number of characters to insert, delete, replace, or swap with their neighbour. */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(cost[i - 1][j - 1] + replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
