package io.millrace.benchmarks.guards;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Curves of accuracy, 0 to 100 %, over minibatches. */
final class CurveChart {

  /** One curve; a value for each minibatch, 0 to 1. */
  record Curve(String name, double[] values) {}

  /** Drawn with twice as many pixels, for sharp text. */
  private static final int SCALE = 2;

  private static final int LEFT = 56;
  private static final int TOP = 76;
  private static final int WIDTH = 760;
  private static final int HEIGHT = 300;
  private static final int RIGHT = 24;
  private static final int BOTTOM = 48;
  private static final Color INK = new Color(0x1f2933);
  private static final Color FAINT = new Color(0x616e7c);
  private static final Color GRID = new Color(0xe4e7eb);
  private static final List<Color> COLORS =
      List.of(new Color(0xe07a2f), new Color(0x2a6f97), new Color(0x9aa5b1));

  private CurveChart() {}

  static void write(String title, List<Curve> curves, Path png) throws IOException {
    int width = LEFT + WIDTH + RIGHT;
    int height = TOP + HEIGHT + BOTTOM;
    BufferedImage image =
        new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.scale(SCALE, SCALE);
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, width, height);
    text(canvas, Font.BOLD, 16, INK, title, LEFT, 30);
    axes(canvas);
    int x = LEFT;
    for (int i = 0; i < curves.size(); i++) {
      canvas.setColor(COLORS.get(i));
      canvas.fillRect(x, 46, 18, 4);
      text(canvas, Font.PLAIN, 12, INK, curves.get(i).name(), x + 24, 53);
      x += 130;
      draw(canvas, curves.get(i).values(), COLORS.get(i), i == curves.size() - 1);
    }
    canvas.dispose();
    ImageIO.write(image, "png", png.toFile());
  }

  private static void axes(Graphics2D canvas) {
    for (int percent = 0; percent <= 100; percent += 20) {
      int y = TOP + HEIGHT - HEIGHT * percent / 100;
      canvas.setColor(GRID);
      canvas.drawLine(LEFT, y, LEFT + WIDTH, y);
      text(canvas, Font.PLAIN, 11, FAINT, percent + " %", 18, y + 4);
    }
    String caption = "minibatches outside the burst; accuracy before training on an image";
    text(canvas, Font.PLAIN, 12, FAINT, caption, LEFT, TOP + HEIGHT + 28);
  }

  private static void draw(Graphics2D canvas, double[] values, Color color, boolean dashed) {
    Path2D.Double path = new Path2D.Double();
    for (int i = 0; i < values.length; i++) {
      double x = LEFT + (double) WIDTH * i / Math.max(1, values.length - 1);
      double y = TOP + HEIGHT - HEIGHT * values[i];
      if (i == 0) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    float[] dashes = dashed ? new float[] {5, 4} : null;
    canvas.setColor(color);
    canvas.setStroke(
        new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1, dashes, 0));
    canvas.draw(path);
    canvas.setStroke(new BasicStroke(1));
  }

  private static void text(
      Graphics2D canvas, int style, int size, Color color, String text, int x, int y) {
    canvas.setFont(new Font(Font.SANS_SERIF, style, size));
    canvas.setColor(color);
    canvas.drawString(text, x, y);
  }
}
