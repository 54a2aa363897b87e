package io.millrace.model.kernel;

import java.util.Arrays;

/**
 * Result pixels of a direct convolution, computed in blocks of {@link WideBlock#ROWS} by all their
 * channels:
 *
 * <pre>
 * c[cRow + j] = start[startRow + j] + sum over t, i (in that order) of
 *     a[aRow + aRun[t] + i] * weights[kRun[t] + i][j]
 * </pre>
 *
 * The weights are a matrix of so many rows by the pixel's channels, cut into panels of columns that
 * fit a block. Mutable and reused by one thread, because kernels allocate nothing.
 */
final class PixelBlock {
  private static final int ROWS = WideBlock.ROWS;
  private static final int WIDE = WideBlock.COLUMNS;
  private static final int NARROW = NarrowBlock.COLUMNS;
  private static final float[] NONE = {};

  /** 32 of them: two loops in one kernel keep their vectors in registers. */
  private static final boolean MANY_REGISTERS = WideBlock.LANES == 16;

  private float[] a = NONE;
  private float[] start = NONE;
  private float[] c = NONE;
  private float[] panels = NONE;
  private int panelsFrom;
  private int weightRows;
  private int columns;
  private boolean relu;

  private final int[] aRow = new int[ROWS];
  private final int[] startRow = new int[ROWS];
  private final int[] cRow = new int[ROWS];
  private int rows;

  /** Stretches of the reduction, or in {@link #table} one place in a for each of its steps. */
  private int[] aRun = {};

  private int[] kRun = {};
  private int runs;
  private int runLength;
  private boolean table;

  /** Results of a block whose last columns are not a panel's width. */
  private final float[] part = new float[ROWS * WIDE];

  private final int[] partRow = new int[ROWS];

  /** Sets the arrays; with {@code relu}, what is negative becomes 0 in the end. */
  void arrays(float[] a, float[] start, float[] c, boolean relu) {
    this.a = a;
    this.start = start;
    this.c = c;
    this.relu = relu;
  }

  /** Forgets the arrays, which a thread-local must not keep alive. */
  void release() {
    arrays(NONE, NONE, NONE, false);
    panels = NONE;
  }

  /** Floats from one matrix in panels to the next. */
  static int panelElements(int rows, int columns) {
    int rest = columns % WIDE;
    return rows * (columns - rest + (rest == 0 ? 0 : width(rest)));
  }

  /** Whether a matrix is its own panel as it is. */
  static boolean isPanel(int columns) {
    return columns == WIDE || columns == NARROW;
  }

  /** weights [rows][columns] -> panels, the last filled up with zeros. */
  static void pack(float[] weights, int from, int rows, int columns, float[] panels, int to) {
    int at = to;
    for (int column = 0; column < columns; column += WIDE) {
      int count = Math.min(WIDE, columns - column);
      int width = width(count);
      for (int row = 0; row < rows; row++, at += width) {
        System.arraycopy(weights, from + row * columns + column, panels, at, count);
        Arrays.fill(panels, at + count, at + width, 0);
      }
    }
  }

  /** The panel that so many columns, at most a wide one's, are computed with. */
  private static int width(int columns) {
    return columns <= NARROW ? NARROW : WIDE;
  }

  /** The weights of the rows to come. */
  void weights(float[] panels, int from, int rows, int columns) {
    this.panels = panels;
    this.panelsFrom = from;
    this.weightRows = rows;
    this.columns = columns;
  }

  /** A reduction in runs of that many steps, added one by one. */
  void runsOf(int length) {
    runs = 0;
    runLength = length;
    table = false;
  }

  void addRun(int a, int k) {
    if (runs == aRun.length || runs == kRun.length) {
      aRun = Arrays.copyOf(aRun, 2 * runs + 8);
      kRun = Arrays.copyOf(kRun, 2 * runs + 8);
    }
    aRun[runs] = a;
    kRun[runs] = k;
    runs++;
  }

  /** A reduction over all rows of weights in one go, whose places in a are added one by one. */
  void singleSteps() {
    runs = 0;
    table = true;
  }

  /** Adds pixels at equal distances; a full block is computed at once. */
  void add(int count, int a, int aStep, int start, int startStep, int c, int cStep) {
    for (int i = 0; i < count; i++) {
      aRow[rows] = a + i * aStep;
      startRow[rows] = start + i * startStep;
      cRow[rows] = c + i * cStep;
      rows++;
      if (rows == ROWS) {
        flush();
      }
    }
  }

  /**
   * Computes the pixels added so far. Spare rows repeat the last one: they compute and store the
   * same values a second time, which is cheaper than a kernel for every number of rows.
   */
  void flush() {
    if (rows == 0) {
      return;
    }
    int count = rows;
    rows = 0;
    for (int r = count; r < ROWS; r++) {
      aRow[r] = aRow[count - 1];
      startRow[r] = startRow[count - 1];
      cRow[r] = cRow[count - 1];
    }
    for (int column = 0; column < columns; column += WIDE) {
      int width = Math.min(WIDE, columns - column);
      if (width == width(width)) {
        multiply(width, panelsFrom + column * weightRows, start, startRow, c, cRow, column);
      } else {
        multiplyPart(width, column);
      }
    }
  }

  /** The last columns, fewer than a panel's, by way of a copy of the results. */
  private void multiplyPart(int count, int column) {
    int width = width(count);
    for (int r = 0; r < ROWS; r++) {
      partRow[r] = r * width;
      System.arraycopy(start, startRow[r] + column, part, partRow[r], count);
    }
    multiply(width, panelsFrom + column * weightRows, part, partRow, part, partRow, 0);
    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(part, partRow[r], c, cRow[r] + column, count);
    }
  }

  private void multiply(
      int width, int b, float[] start, int[] startRow, float[] c, int[] cRow, int column) {
    reduce(width, b, start, startRow, c, cRow, column);
    if (relu) {
      if (width < WIDE) {
        NarrowBlock.rectify(c, cRow, column);
      } else {
        WideBlock.rectify(c, cRow, column);
      }
    }
  }

  private void reduce(
      int width, int b, float[] start, int[] startRow, float[] c, int[] cRow, int column) {
    if (table) {
      if (width == WIDE) {
        WideBlock.table(a, aRow, aRun, panels, b, runs, start, startRow, c, cRow, column);
      } else {
        NarrowBlock.table(a, aRow, aRun, panels, b, runs, start, startRow, c, cRow, column);
      }
    } else if (width < WIDE) {
      NarrowBlock.runs(
          a, aRow, aRun, panels, b, kRun, runs, runLength, start, startRow, c, cRow, column);
    } else if (MANY_REGISTERS) {
      WideBlock.runs(
          a, aRow, aRun, panels, b, kRun, runs, runLength, start, startRow, c, cRow, column);
    } else {
      float[] from = start;
      int[] fromRow = startRow;
      for (int t = 0; t < runs; t++) {
        int bRun = b + kRun[t] * WIDE;
        WideBlock.run(a, aRow, aRun[t], panels, bRun, runLength, from, fromRow, c, cRow, column);
        from = c;
        fromRow = cRow;
      }
    }
  }
}
