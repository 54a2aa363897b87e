package io.millrace.app.data;

/** The part of a data set that is trained on, or the part that is held out. */
public enum Split {
  TRAIN,
  TEST;

  /** As it is written on the command line and at the start of image ids. */
  public String text() {
    return this == TRAIN ? "train" : "test";
  }
}
