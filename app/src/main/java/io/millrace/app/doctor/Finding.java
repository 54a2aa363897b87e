package io.millrace.app.doctor;

import java.util.Locale;

/** One thing that was looked at, and what was found. */
public sealed interface Finding {

  /** What was looked at, in a word or two. */
  String subject();

  /** What was found, for people. */
  String found();

  /** What to do about it; empty where there is nothing to do. */
  default String mend() {
    return "";
  }

  /** As it should be. */
  record Fine(String subject, String found) implements Finding {}

  /** It works, but worse than it could, or not for long. */
  record Warning(String subject, String found, String mend) implements Finding {}

  /** It does not work. */
  record Fault(String subject, String found, String mend) implements Finding {}

  /** It could not be looked at, and why. */
  record Unknown(String subject, String found) implements Finding {}

  /** {@code fine}, {@code warning}, {@code fault} or {@code unknown}. */
  default String kind() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
