package io.millrace.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * A bar chart of Millrace's speed over each peer's. Bars start at 1, equal speed, on a logarithmic
 * axis, so that twice as fast and half as fast are equally long; whiskers span all rounds.
 */
public final class RatioChart {
  /** Drawn with twice as many pixels, for sharp text. */
  private static final int SCALE = 2;

  private static final int LEFT = 84;
  private static final int RIGHT = 28;
  private static final int TOP = 104;
  private static final int PLOT = 330;
  private static final int BOTTOM = 118;
  private static final int BAR = 28;
  private static final int CASE_GAP = 18;
  private static final int NETWORK_GAP = 34;
  private static final int MIN_WIDTH = 860;

  private static final Color INK = new Color(0x1f2933);
  private static final Color FAINT = new Color(0x616e7c);
  private static final Color GRID = new Color(0xe4e7eb);
  private static final List<Color> BARS =
      List.of(new Color(0x2a6f97), new Color(0xe07a2f), new Color(0x5b9a5a), new Color(0x8a5aa8));

  private final Report report;
  private final List<String> peers;
  private final int lowPower;
  private final int highPower;
  private final Graphics2D canvas;

  private RatioChart(Report report, Graphics2D canvas) {
    this.report = report;
    this.canvas = canvas;
    peers = peers(report);
    double low = 1;
    double high = 1;
    for (CaseResult result : report.cases()) {
      for (EngineResult engine : result.engines()) {
        if (engine.reliable()) {
          low = Math.min(low, engine.millraceRatio().min());
          high = Math.max(high, engine.millraceRatio().max());
        }
      }
    }
    // Room for a bar's figure beyond its whisker.
    lowPower = (int) Math.floor(log2(low / 1.15));
    highPower = Math.max(1, (int) Math.ceil(log2(high * 1.15)));
  }

  /** Draws a report. */
  public static BufferedImage draw(Report report) {
    int width = Math.max(MIN_WIDTH, LEFT + RIGHT + plotWidth(report));
    int height = TOP + PLOT + BOTTOM;
    BufferedImage image =
        new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.scale(SCALE, SCALE);
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, width, height);
    RatioChart chart = new RatioChart(report, canvas);
    chart.heading(width);
    chart.axis(width);
    chart.bars();
    canvas.dispose();
    return image;
  }

  /** Draws a report into a file. */
  public static void write(Report report, Path png) throws IOException {
    ImageIO.write(draw(report), "png", png.toFile());
  }

  private static List<String> peers(Report report) {
    return report.cases().stream()
        .flatMap(result -> result.engines().stream().skip(1))
        .map(EngineResult::engine)
        .distinct()
        .toList();
  }

  private static int caseWidth(Report report) {
    int least = Math.max(64, peers(report).size() * BAR + CASE_GAP);
    int room = MIN_WIDTH - LEFT - RIGHT - networks(report) * NETWORK_GAP;
    return Math.max(least, Math.min(120, room / Math.max(1, report.cases().size())));
  }

  private static int plotWidth(Report report) {
    return report.cases().size() * caseWidth(report) + networks(report) * NETWORK_GAP;
  }

  private static int networks(Report report) {
    return (int) report.cases().stream().map(CaseResult::network).distinct().count();
  }

  private void heading(int width) {
    boolean training = report.kind().equals("training");
    text(Font.BOLD, 17, INK, training ? "Training step" : "Inference", LEFT, 32);
    Context context = report.context();
    text(
        Font.PLAIN,
        12,
        FAINT,
        context.processor()
            + ", "
            + context.cores()
            + " cores, "
            + context.jdk()
            + ", "
            + context.date().substring(0, 10)
            + ", commit "
            + context.commit(),
        LEFT,
        52);
    int x = LEFT;
    for (int p = 0; p < peers.size(); p++) {
      canvas.setColor(BARS.get(p % BARS.size()));
      canvas.fill(new Rectangle2D.Double(x, 68, 12, 12));
      String peer = peers.get(p);
      String version = context.engines().getOrDefault(peer, "");
      x += 18;
      x += text(Font.PLAIN, 12, INK, ("against " + peer + " " + version).strip(), x, 78) + 22;
    }
    if (x > width) {
      throw new IllegalStateException("chart: expected the legend to fit, got " + x + " pixels");
    }
  }

  private void axis(int width) {
    for (int power = lowPower; power <= highPower; power++) {
      double y = y(Math.pow(2, power));
      canvas.setColor(power == 0 ? INK : GRID);
      canvas.setStroke(new BasicStroke(power == 0 ? 1.4f : 1f));
      canvas.draw(new Line2D.Double(LEFT, y, width - RIGHT, y));
      String label = power >= 0 ? (1 << power) + " x" : "1/" + (1 << -power) + " x";
      right(12, FAINT, label, LEFT - 8, (int) Math.round(y) + 4);
    }
    AffineTransform upright = canvas.getTransform();
    canvas.rotate(-Math.PI / 2, 22, TOP + PLOT / 2.0);
    centered(Font.PLAIN, 12, FAINT, "Millrace's images/s over the peer's", 22, TOP + PLOT / 2);
    canvas.setTransform(upright);
  }

  private void bars() {
    int x = LEFT + NETWORK_GAP / 2;
    int caseWidth = caseWidth(report);
    int networkStart = x;
    for (int c = 0; c < report.cases().size(); c++) {
      CaseResult result = report.cases().get(c);
      caseBars(result, x + caseWidth / 2);
      x += caseWidth;
      boolean last =
          c + 1 == report.cases().size()
              || !report.cases().get(c + 1).network().equals(result.network());
      if (last) {
        int middle = (networkStart + x) / 2;
        canvas.setColor(GRID);
        canvas.draw(new Line2D.Double(networkStart + 6, TOP + PLOT + 48, x - 6, TOP + PLOT + 48));
        centered(Font.BOLD, 13, INK, result.network(), middle, TOP + PLOT + 68);
        x += NETWORK_GAP;
        networkStart = x;
      }
    }
    text(
        Font.PLAIN,
        11,
        FAINT,
        "Bars: median of the rounds' ratios; whiskers: smallest and largest. Above 1 x Millrace"
            + " is faster.",
        LEFT,
        TOP + PLOT + BOTTOM - 16);
  }

  private void caseBars(CaseResult result, int center) {
    centered(Font.PLAIN, 11, INK, "batch " + result.batch(), center, TOP + PLOT + 22);
    String threads = result.threads() + (result.threads() == 1 ? " thread" : " threads");
    centered(Font.PLAIN, 11, FAINT, threads, center, TOP + PLOT + 37);
    double x = center - peers.size() * BAR / 2.0;
    for (EngineResult engine : result.engines().subList(1, result.engines().size())) {
      int p = peers.indexOf(engine.engine());
      Color color = BARS.get(p % BARS.size());
      if (engine.reliable()) {
        bar(engine, x + p * BAR, color);
      } else {
        disturbed(x + (p + 0.5) * BAR, color);
      }
    }
  }

  private void bar(EngineResult engine, double x, Color color) {
    double ratio = engine.millraceRatio().median();
    double top = Math.min(y(ratio), y(1));
    double bottom = Math.max(y(ratio), y(1));
    canvas.setColor(color);
    canvas.fill(new Rectangle2D.Double(x + 2, top, BAR - 4, Math.max(1, bottom - top)));
    double middle = x + BAR / 2.0;
    double high = y(engine.millraceRatio().max());
    double low = y(engine.millraceRatio().min());
    canvas.setColor(INK);
    canvas.setStroke(new BasicStroke(1f));
    canvas.draw(new Line2D.Double(middle, high, middle, low));
    canvas.draw(new Line2D.Double(middle - 3, high, middle + 3, high));
    canvas.draw(new Line2D.Double(middle - 3, low, middle + 3, low));
    String figure =
        String.format(Locale.ROOT, ratio < 1.95 ? "%.2f" : ratio < 9.95 ? "%.1f" : "%.0f", ratio);
    double y = ratio >= 1 ? Math.min(high, top) - 5 : Math.max(low, bottom) + 12;
    centered(Font.BOLD, 10, INK, figure, (int) Math.round(middle), (int) Math.round(y));
  }

  /** Stands where a bar would if others had left the processors alone. */
  private void disturbed(double middle, Color color) {
    AffineTransform upright = canvas.getTransform();
    canvas.rotate(-Math.PI / 2, middle, y(1));
    text(Font.ITALIC, 10, color, "disturbed", (int) middle + 6, (int) y(1) + 4);
    canvas.setTransform(upright);
  }

  private double y(double ratio) {
    return TOP + PLOT * (highPower - log2(ratio)) / (highPower - lowPower);
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  /** Writes from x on; gives the width. */
  private int text(int style, int size, Color color, String text, int x, int y) {
    canvas.setFont(new Font(Font.SANS_SERIF, style, size));
    canvas.setColor(color);
    canvas.drawString(text, x, y);
    return canvas.getFontMetrics().stringWidth(text);
  }

  private void centered(int style, int size, Color color, String text, int x, int y) {
    FontMetrics metrics = canvas.getFontMetrics(new Font(Font.SANS_SERIF, style, size));
    text(style, size, color, text, x - metrics.stringWidth(text) / 2, y);
  }

  private void right(int size, Color color, String text, int x, int y) {
    FontMetrics metrics = canvas.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, size));
    text(Font.PLAIN, size, color, text, x - metrics.stringWidth(text), y);
  }
}
