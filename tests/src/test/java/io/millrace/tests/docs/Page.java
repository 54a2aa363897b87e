package io.millrace.tests.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page in Markdown, as far as these tests look into it: the project's pages have headings with
 * {@code #}, links in one line, and code that is indented by four spaces or fenced.
 *
 * @param file below the project's folder
 * @param prose lines outside code blocks; empty ones where code was
 * @param code lines of code blocks without their indentation, continued lines joined
 */
record Page(Path file, List<String> prose, List<String> code) {

  static final Path ROOT = Path.of(System.getProperty("millrace.home")).toAbsolutePath();

  private static final Pattern LINK = Pattern.compile("!?\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE_SPAN = Pattern.compile("`([^`]+)`");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");
  private static final Pattern LIST_ITEM = Pattern.compile(" *([-*]|\\d+\\.) .*");

  /** Folders of files that are made, fetched or run. */
  private static final Set<String> NOT_PAGES =
      Set.of("target", ".git", ".millrace", "node_modules");

  /** All pages of the project. */
  static List<Page> all() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .map(ROOT::relativize)
          .filter(file -> !isBelow(file, NOT_PAGES))
          .sorted()
          .map(Page::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isBelow(Path file, Set<String> folders) {
    for (Path part : file) {
      if (folders.contains(part.toString())) {
        return true;
      }
    }
    return false;
  }

  static Page read(Path file) {
    try {
      return parse(file, Files.readAllLines(ROOT.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Page parse(Path file, List<String> lines) {
    List<String> prose = new ArrayList<>();
    List<String> code = new ArrayList<>();
    boolean fenced = false;
    boolean inList = false;
    String before = "";
    for (String line : lines) {
      boolean fence = line.strip().startsWith("```");
      boolean blockBefore = before.isEmpty() || before.startsWith("    ");
      boolean indented = line.startsWith("    ") && blockBefore && !inList;
      if (fence) {
        fenced = !fenced;
      } else if (fenced || indented) {
        addCode(code, line.strip());
      }
      boolean isProse = !fence && !fenced && !indented;
      prose.add(isProse ? line : "");
      if (LIST_ITEM.matcher(line).matches()) {
        inList = true;
      } else if (!line.isEmpty() && !line.startsWith(" ")) {
        inList = false;
      }
      before = line;
    }
    return new Page(file, prose, code);
  }

  private static void addCode(List<String> code, String line) {
    int last = code.size() - 1;
    if (last >= 0 && code.get(last).endsWith("\\")) {
      String start = code.get(last);
      code.set(last, start.substring(0, start.length() - 1) + line);
    } else {
      code.add(line);
    }
  }

  /** Targets of links and pictures. */
  List<String> links() {
    return CODE_SPAN.matcher(text()).replaceAll("code").lines().flatMap(Page::targets).toList();
  }

  private static Stream<String> targets(String line) {
    return LINK.matcher(line).results().map(result -> result.group(1));
  }

  /** What stands between backquotes in the prose. */
  List<String> codeSpans() {
    List<String> spans = new ArrayList<>();
    for (String paragraph : text().split("\n\n", -1)) {
      CODE_SPAN
          .matcher(paragraph)
          .results()
          .forEach(result -> spans.add(result.group(1).replaceAll("\\s+", " ")));
    }
    return spans;
  }

  private String text() {
    return String.join("\n", prose);
  }

  /** What may stand behind the {@code #} of a link to this page, by GitHub's rules. */
  Set<String> anchors() {
    Set<String> anchors = new TreeSet<>();
    Map<String, Integer> times = new HashMap<>();
    for (String line : prose) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String anchor = anchor(heading.group(1));
        int before = times.merge(anchor, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? anchor : anchor + "-" + before);
      }
    }
    return anchors;
  }

  private static String anchor(String heading) {
    String text = heading.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1").strip();
    return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }
}
