package io.millrace.app.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ScreenTest {

  private static final String UP_TWO = "\r\u001b[2A";

  private final StringWriter out = new StringWriter();
  private final AtomicInteger columns = new AtomicInteger(80);

  @Test
  void blockIsDrawnOverItselfAndMessagesStayAboveIt() {
    try (Screen screen = Screen.live(new PrintWriter(out), columns::get)) {
      screen.draw(List.of("one", "two"));
      assertFalse(out.toString().contains("\u001b[2A"), out.toString());
      screen.draw(List.of("one", "three"));
      assertTrue(out.toString().contains(UP_TWO + "one\u001b[K\nthree"), out.toString());
      screen.print("a message");
      assertTrue(out.toString().endsWith(UP_TWO + "\u001b[Ja message\n"), out.toString());
      screen.print("another");
      assertTrue(out.toString().endsWith("a message\nanother\n"), out.toString());
    }
  }

  @Test
  void noLineIsAsWideAsTheTerminal() {
    columns.set(40);
    try (Screen screen = Screen.live(new PrintWriter(out), columns::get)) {
      screen.draw(List.of("x".repeat(100)));
      assertEquals(39, Style.width(out.toString().replaceAll("\u001b\\[[KJ]|\n", "")));
    }
  }

  @Test
  void aNarrowerTerminalHasWrappedTheOldLines() {
    try (Screen screen = Screen.live(new PrintWriter(out), columns::get)) {
      screen.draw(List.of("x".repeat(70)));
      columns.set(40);
      screen.draw(List.of("y"));
      assertTrue(out.toString().contains(UP_TWO), out.toString());
    }
  }

  @Test
  void plainOutputHasNoBlockAndNoCodes() {
    try (Screen screen = Screen.plain(new PrintWriter(out))) {
      screen.draw(List.of("block"));
      screen.print(screen.styled(Style.RED, "text"));
    }
    assertEquals("text\n", out.toString());
  }

  @Test
  void whatIsSettledStays() {
    try (Screen screen = Screen.live(new PrintWriter(out), columns::get)) {
      screen.draw(List.of("one"));
      screen.settle();
      int before = out.toString().length();
      screen.print("below");
      assertEquals("below\n", out.toString().substring(before));
    }
  }

  @Test
  void colorsNeedATerminalThatIsNotDumbAndNobodyWhoMindsThem() {
    assertTrue(Style.isShown(Map.of("TERM", "xterm"), true));
    assertFalse(Style.isShown(Map.of("TERM", "xterm"), false));
    assertFalse(Style.isShown(Map.of("TERM", "dumb"), true));
    assertFalse(Style.isShown(Map.of("TERM", "xterm", "NO_COLOR", "1"), true));
    assertFalse(Style.isShown(Map.of(), true));
  }

  @Test
  void cuttingAndPaddingLeaveCodesOut() {
    String red = Style.RED.of("abcdef", true);
    assertEquals(6, Style.width(red));
    assertEquals(Style.RED.of("abc", true), Style.cut(red, 3));
    assertEquals(red + "xy", Style.cut(red + "xyz", 8));
    assertEquals(red + "  ", Style.pad(red, 8));
    assertEquals(red + " ", Style.pad(red, 3));
  }
}
