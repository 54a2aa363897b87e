package io.millrace.tests.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.app.dashboard.Dashboard;
import io.millrace.app.dashboard.DashboardSettings;
import io.millrace.app.network.NetworkFiles;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.optimizer.StepDecay;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.tests.dashboard.Viewport.Theme;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.MetricsConfig;
import io.millrace.topology.config.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pictures of docs/page.md: each view on a desktop and on a phone, light and dark, of a learner
 * of small-cnn. No test by its name, so that only who asks for it runs it: {@code ./mvnw verify -pl
 * tests -am -Dtest=PageScreenshots -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class PageScreenshots {
  private static final int BATCH = 32;
  private static final int STEPS = 1_200;
  private static final int PER_SECOND = 600;

  @Test
  void takesAPictureOfEveryView(@TempDir Path folder) throws IOException {
    Path program = PageTest.browserProgram();
    Path pictures = Path.of(System.getProperty("millrace.home", ".")).resolve("docs/images/page");
    Files.createDirectories(pictures);
    try (Browser browser = Browser.start(program, folder);
        LiveLearner learner = LiveLearner.start(folder, PageScreenshots::settings, PER_SECOND)) {
      Dashboard dashboard = learner.page(DashboardSettings.local(learner.config(), 0));
      learn(browser, dashboard);
      for (Theme theme : Theme.values()) {
        for (Viewport viewport : List.of(Viewport.desktop(theme), Viewport.phone(theme))) {
          take(browser, dashboard, viewport, pictures);
        }
      }
    }
  }

  /** What the demo has, with a snapshot now and then. */
  private static LearnerConfig settings(TopicNames topics, Map<String, String> kafka) {
    NetworkSpec network = NetworkFiles.load("small-cnn", Path.of("."));
    LearnerConfig base = new TestLearner(BATCH, 200, 5, 1).config(topics, network, kafka);
    return new LearnerConfig(
        "fashion",
        topics,
        network,
        base.initialization(),
        base.seed(),
        base.images(),
        base.minibatch(),
        OptimizerSpec.heavyBall(0.9f, 5e-4f),
        new StepDecay(0.01, 500, 0.5, 0.001),
        new MetricsConfig(2_000, true, 20),
        base.snapshots(),
        base.guards(),
        base.signing(),
        base.threads(),
        kafka);
  }

  /** Lets the learner learn, with a few commands on the way, so that no view is empty. */
  private static void learn(Browser browser, Dashboard dashboard) {
    try (BrowserPage page = browser.open(Viewport.desktop(Theme.LIGHT))) {
      page.open(dashboard.url());
      command(page, 450, "{kind: 'alias', alias: 'champion', version: 2}");
      command(page, 600, "{kind: 'learningRate', rate: 0.005}");
      command(page, 800, "{kind: 'pause'}");
      command(page, 0, "{kind: 'resume'}");
      command(page, 1_000, "{kind: 'alias', alias: 'canary', version: 4}");
      awaitStep(page, STEPS);
    }
  }

  private static void command(BrowserPage page, int step, String command) {
    awaitStep(page, step);
    page.evaluate("import('/app/api.js').then(({control}) => control(" + command + "))");
  }

  private static void awaitStep(BrowserPage page, int step) {
    // In strides, each within the deadline of a wait.
    for (int at = 0; at <= step; at += 100) {
      page.await(
          "step " + at,
          "Number(document.querySelector('#tile-step .tile-value').textContent.replaceAll(',', '')) >= "
              + at);
    }
  }

  private static void take(Browser browser, Dashboard dashboard, Viewport viewport, Path pictures)
      throws IOException {
    try (BrowserPage page = browser.open(viewport)) {
      page.open(dashboard.url());
      for (String view : PageTest.VIEWS) {
        PageTest.awaitContent(page, view);
        prepare(page, view, viewport);
        String name = view + "-" + viewport.name() + "-" + viewport.theme().text() + ".png";
        Files.write(pictures.resolve(name), page.screenshot());
      }
      assertEquals(List.of(), page.complaints());
    }
  }

  private static void prepare(BrowserPage page, String view, Viewport viewport) {
    switch (view) {
      case "snapshots" -> {
        if (!viewport.mobile()) {
          page.click(".versions-card tbody .link");
          page.awaitVisible(".panel-card .facts");
        }
      }
      case "draw" -> {
        page.evaluate(
            "(() => { const brush = document.getElementById('brush'); brush.value = 40;"
                + " brush.dispatchEvent(new Event('input')); })()");
        page.drag(".sketch", 0.42, 0.15, 0.36, 0.85);
        page.drag(".sketch", 0.58, 0.15, 0.64, 0.85);
        page.drag(".sketch", 0.42, 0.15, 0.58, 0.15);
        page.awaitVisible(".bar-row.best");
        page.await("what it sees", "document.querySelector('.network-input').naturalWidth > 0");
      }
      default -> {}
    }
    page.await(
        "every picture in view",
        "[...document.querySelectorAll('[role=tabpanel]:not([hidden]) img')].every((image) =>"
            + " image.complete || image.getBoundingClientRect().top > innerHeight)");
    // Two more repaints, so that curves and pictures are as they stay.
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 2200))");
  }
}
