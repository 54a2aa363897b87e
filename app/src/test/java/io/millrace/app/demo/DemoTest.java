package io.millrace.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.terminal.Screen;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo itself, on real images and its real broker. */
class DemoTest {

  @TempDir Path folder;

  @Test
  void goesOnWhereItStoppedWithTheWeightsOfOneRun() throws Exception {
    String whole = run("whole", 1_000, 1_000);
    run("parts", 1_000, 300);
    String parts = run("parts", 1_000, 1_000);
    assertTrue(whole.contains("learned     992 images in 31 steps, 2 threads"), whole);
    assertTrue(parts.contains("going on    after 300 images"), parts);
    assertTrue(parts.contains("downstream  version"), parts);
    assertEquals(line(whole, "sha256"), line(parts, "sha256"));
  }

  @Test
  void freshRefusesToDeleteWhatIsNotItsOwn() throws Exception {
    Path precious = Files.writeString(folder.resolve("thesis.txt"), "years of work");
    var e = assertThrows(IllegalArgumentException.class, () -> DemoData.forget(folder));
    assertTrue(String.valueOf(e.getMessage()).contains("thesis.txt"), e.toString());
    assertTrue(Files.exists(precious));
  }

  /** The schedule must not depend on where a run stops, so it is set here. */
  private String run(String name, long images, long limit) throws Exception {
    DemoSettings settings =
        new DemoSettings(
            "lenet5",
            "fashion-mnist-sample",
            limit,
            1,
            0,
            32,
            2,
            1,
            List.of("learningRate.warmupSteps=0", "learningRate.everySteps=" + images / 100),
            folder.resolve(name),
            0,
            false,
            0,
            false,
            true,
            Optional.empty());
    StringWriter out = new StringWriter();
    var screen = Screen.plain(new PrintWriter(out));
    assertEquals(0, new Demo(settings, screen).run());
    return out.toString();
  }

  private static String line(String text, String start) {
    return text.lines().filter(line -> line.startsWith(start)).findFirst().orElse("no " + start);
  }
}
