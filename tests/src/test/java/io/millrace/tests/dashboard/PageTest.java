package io.millrace.tests.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.app.dashboard.Dashboard;
import io.millrace.app.dashboard.DashboardSettings;
import io.millrace.tests.dashboard.Viewport.Theme;
import io.millrace.tests.support.TestLearner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page in a real browser, on a real learner that learns meanwhile. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTest {
  static final List<String> VIEWS =
      List.of("overview", "images", "layers", "snapshots", "stream", "draw");

  private static final Viewport DESKTOP = Viewport.desktop(Theme.LIGHT);
  private static final TestLearner LEARNER = TestLearner.withDefaults().withSnapshots(40, 5);
  private static final String TOKEN = "a-token-of-this-test-alone";

  private LiveLearner learner;
  private Dashboard dashboard;
  private Browser browser;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    Path program = browserProgram();
    browser = Browser.start(program, folder);
    learner =
        LiveLearner.start(
            folder, (topics, kafka) -> LEARNER.config(topics, TestLearner.network(), kafka), 400);
    dashboard = learner.page(DashboardSettings.local(learner.config(), 0));
  }

  /** The browser; without one the class is not run, which {@code ./millrace test} says and why. */
  static Path browserProgram() {
    Optional<Path> program = Browser.find();
    if (program.isEmpty()) {
      Assumptions.abort("no Chromium on this machine; " + Browser.HOW_TO_GET);
    }
    return program.orElseThrow();
  }

  @AfterAll
  void stop() throws IOException {
    if (browser != null) {
      browser.close();
    }
    if (learner != null) {
      learner.close();
    }
  }

  private BrowserPage open(Viewport viewport) {
    BrowserPage page = browser.open(viewport);
    page.open(dashboard.url());
    return page;
  }

  /** Waits for something of each view that comes from the learner's topics. */
  static void awaitContent(BrowserPage page, String view) {
    page.view(view);
    switch (view) {
      case "overview" ->
          page.await("curves", "document.querySelectorAll('#panel-overview canvas').length >= 2");
      case "images" -> {
        page.await(
            "pictures of images",
            "[...document.querySelectorAll('.gallery img')].some(({naturalWidth}) => naturalWidth > 0)");
        page.awaitVisible(".matrix .hit");
        page.awaitVisible(".letter");
      }
      case "layers" -> {
        page.awaitVisible(".graph-row");
        page.awaitVisible(".histogram");
        page.await("the filters", "document.querySelector('.filters').naturalWidth > 0");
      }
      case "snapshots" -> page.awaitVisible(".versions-card tbody tr");
      case "stream" -> page.awaitVisible("#panel-stream tbody tr");
      case "draw" -> page.awaitVisible(".recent-button");
      default -> throw new IllegalArgumentException("a view: got " + view);
    }
  }

  @Test
  void everyViewShowsWhatTheLearnerDoesAndNoneMakesTheBrowserComplain() {
    try (BrowserPage page = open(DESKTOP)) {
      for (String view : VIEWS) {
        awaitContent(page, view);
      }
      assertEquals(List.of(), page.complaints());
      assertTrue(
          page.evaluate("document.title").asText().contains("%"),
          "the title: expected the accuracy in it");
    }
  }

  @Test
  void curvesAndNumbersMoveWhileLearningGoesOn() {
    try (BrowserPage page = open(DESKTOP)) {
      awaitContent(page, "overview");
      page.await("a step", "document.querySelector('#tile-step .tile-value').textContent !== '–'");
      String step = page.text("#tile-step .tile-value");
      page.evaluate("window.before = document.querySelector('.chart canvas').toDataURL(); true");
      page.await(
          "another step than " + step,
          "document.querySelector('#tile-step .tile-value').innerText !== '" + step + "'");
      page.await(
          "another curve", "document.querySelector('.chart canvas').toDataURL() !== window.before");
    }
  }

  @Test
  void pauseStopsTheLearnerAndSaysSoUntilItIsResumed() {
    try (BrowserPage page = open(DESKTOP)) {
      page.await("a step", "!document.querySelector('#pause').disabled");
      page.click("#pause");
      page.awaitVisible("#banner-paused");
      assertEquals("Paused", page.text("#status"));
      page.click("#banner-paused button");
      page.awaitGone("#banner-paused");
      String step = page.text("#tile-step .tile-value");
      page.await(
          "another step than " + step,
          "document.querySelector('#tile-step .tile-value').innerText !== '" + step + "'");
      assertEquals(List.of(), page.complaints());
    }
  }

  @Test
  void aVersionIsPromotedInADialog() {
    try (BrowserPage page = open(DESKTOP)) {
      awaitContent(page, "snapshots");
      page.click(".versions-card tbody tr .row-actions button");
      page.awaitVisible("dialog #dialog-alias");
      page.evaluate("document.querySelector('#dialog-alias').value = 'tested'");
      page.click("dialog .primary");
      page.await(
          "the alias in the table",
          "[...document.querySelectorAll('.versions-card .tag')].some(({textContent}) => textContent === 'tested')");
    }
  }

  @Test
  void aDrawingIsPredictedByTheNewestVersionAndForgottenWhenCleared() {
    try (BrowserPage page = open(DESKTOP)) {
      awaitContent(page, "draw");
      page.drag(".sketch", 0.3, 0.2, 0.3, 0.8);
      page.drag(".sketch", 0.7, 0.2, 0.7, 0.8);
      page.drag(".sketch", 0.3, 0.3, 0.7, 0.3);
      page.awaitVisible(".bar-row.best");
      JsonNode shares =
          page.evaluate(
              "[...document.querySelectorAll('.bar-value')].map(({textContent}) => parseFloat(textContent))");
      double sum = 0;
      for (JsonNode share : shares) {
        sum += share.asDouble();
      }
      assertEquals(10, shares.size());
      assertEquals(100, sum, 1, "the probabilities in percent add up to");
      page.await("what it sees", "document.querySelector('.network-input').naturalWidth === 28");
      String said = page.text(".said");
      page.await(
          "what a later version than of '" + said + "' says",
          "document.querySelectorAll('.said li').length > 1");
      page.click("#clear");
      page.awaitGone(".bar-row");
      assertEquals(List.of(), page.complaints());
    }
  }

  @Test
  void keysOpenViewsArrowsGoBetweenTabsAndTheMatrixIsWalked() {
    try (BrowserPage page = open(DESKTOP)) {
      page.press("3");
      page.awaitVisible("#panel-layers");
      page.press("ArrowRight");
      page.awaitVisible("#panel-snapshots");
      page.press("Home");
      page.awaitVisible("#panel-overview");
      page.press("ArrowLeft");
      page.awaitVisible("#panel-draw");
      assertEquals("tab-draw", page.evaluate("document.activeElement.id").asText());
      awaitContent(page, "images");
      page.evaluate("document.querySelector('.matrix td[data-row]').focus()");
      String before = page.text(".matrix-detail");
      page.press("ArrowRight");
      page.await(
          "the next cell's count",
          "document.querySelector('.matrix-detail').innerText.includes('predicted as')");
      assertNotEquals(before, page.text(".matrix-detail"));
    }
  }

  @Test
  void drawsByKeyboardAlone() {
    try (BrowserPage page = open(DESKTOP)) {
      page.view("draw");
      page.evaluate("document.querySelector('.sketch').focus()");
      page.press(" ");
      for (int i = 0; i < 8; i++) {
        page.press("ArrowRight");
      }
      page.awaitVisible(".bar-row.best");
    }
  }

  @ParameterizedTest
  @EnumSource(Theme.class)
  void nothingScrollsSidewaysOnAPhoneAndEveryTextHasContrast(Theme theme) throws IOException {
    String contrast = resource("contrast.js");
    for (Viewport viewport : List.of(Viewport.phone(theme), Viewport.desktop(theme))) {
      try (BrowserPage page = open(viewport)) {
        for (String view : VIEWS) {
          awaitContent(page, view);
          int width = page.evaluate("document.documentElement.scrollWidth").asInt();
          assertEquals(viewport.width(), width, view + ": width that can be scrolled");
          JsonNode found = page.evaluate(contrast);
          assertTrue(found.get("texts").asInt() > 10, view + ": expected texts, got " + found);
          assertEquals("[]", found.get("poor").toString(), view + ": texts of poor contrast");
        }
      }
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = PageTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theTokenOfTheAddressOpensThePageAndLeavesTheAddress() throws IOException {
    DashboardSettings local = DashboardSettings.local(learner.config(), 0);
    Dashboard guarded =
        learner.page(
            new DashboardSettings(
                local.config(),
                local.known(),
                local.address(),
                Optional.of(TOKEN),
                local.selection(),
                local.trustedKeys(),
                local.signer(),
                local.readOnly()));
    assertTrue(guarded.url().contains(TOKEN), guarded.url());
    try (BrowserPage page = browser.open(DESKTOP)) {
      page.open(guarded.url());
      assertFalse(page.evaluate("location.href").asText().contains(TOKEN));
      awaitContent(page, "images");
      assertEquals(List.of(), page.complaints());
    }
    try (BrowserPage page = browser.open(DESKTOP)) {
      page.open("http://127.0.0.1:" + guarded.address().getPort() + "/");
      page.awaitVisible("#banner-token input");
      page.evaluate("document.querySelector('#banner-token input').value = '" + TOKEN + "'");
      page.click("#banner-token button");
      page.awaitGone("#banner-token");
      awaitContent(page, "images");
    }
  }

  @Test
  void aLostConnectionIsSaidAndEndsByItself() throws IOException {
    Dashboard first = Dashboard.start(DashboardSettings.local(learner.config(), 0));
    int port = first.address().getPort();
    try (BrowserPage page = browser.open(DESKTOP)) {
      page.open(first.url());
      page.await("learning", "document.querySelector('#status').innerText === 'Learning'");
      first.close();
      page.awaitVisible("#banner-link");
      learner.page(DashboardSettings.local(learner.config(), port));
      page.awaitGone("#banner-link");
      page.await("learning", "document.querySelector('#status').innerText === 'Learning'");
    } finally {
      first.close();
    }
  }

  /** A day at ten points a second; the curve that is kept must follow the one that came. */
  @Test
  void holdsADayOfCurvesInABoundedNumberOfPoints() {
    try (BrowserPage page = open(DESKTOP)) {
      JsonNode kept =
          page.evaluate(
              """
              import('/app/series.js').then(({Series, FIELDS, MAX_POINTS}) => {
                const series = new Series(86400);
                let most = 0;
                for (let second = 0; second < 2 * 86400; second++) {
                  const value = Math.sin(second / 6000);
                  series.append(Array.from({length: 10}, (_, tenth) =>
                    [1e12 + second * 1000 + tenth * 100, second * 10 + tenth, 0, value, value, value, value, value, value, value, value]));
                  most = Math.max(most, series.length);
                }
                const [times, losses] = series.columns([FIELDS.windowLoss], false);
                const worst = Math.max(...times.map((time, index) =>
                  Math.abs(losses[index] - Math.sin((time - 1e9) / 6000))));
                return {most, bound: MAX_POINTS, worst, hours: (times.at(-1) - times[0]) / 3600, gaps: losses.filter((loss) => loss === null).length};
              })
              """);
      assertTrue(kept.get("most").asInt() <= kept.get("bound").asInt(), kept.toString());
      assertTrue(kept.get("worst").asDouble() < 0.01, kept.toString());
      assertEquals(24, kept.get("hours").asDouble(), 0.1, kept.toString());
      assertEquals(0, kept.get("gaps").asInt(), kept.toString());
    }
  }
}
