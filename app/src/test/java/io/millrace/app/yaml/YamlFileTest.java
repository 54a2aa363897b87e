package io.millrace.app.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.app.yaml.YamlNode.YamlEntry;
import io.millrace.app.yaml.YamlNode.YamlList;
import io.millrace.app.yaml.YamlNode.YamlMapping;
import io.millrace.app.yaml.YamlNode.YamlScalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFileTest {
  private static String mistake(String text) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> YamlFile.parse("x.yaml", text)).getMessage());
  }

  @Test
  void everyNodeKnowsItsPlace() {
    YamlMapping root =
        YamlFile.parse(
            "x.yaml",
            """
            # A comment.
            a: 1
            b:
              - é: {c: "two"}
              - [3, 4]
            """);
    assertEquals("x.yaml:2:1", root.location().text());
    assertEquals(List.of("a", "b"), List.copyOf(root.entries().keySet()));
    YamlList list = assertInstanceOf(YamlList.class, root.get("b"));
    assertEquals("x.yaml:4:3", list.location().text());
    YamlMapping first = assertInstanceOf(YamlMapping.class, list.items().get(0));
    YamlMapping inner = assertInstanceOf(YamlMapping.class, first.get("é"));
    assertEquals(
        Map.of(
            "c",
            new YamlEntry(
                Location.at("x.yaml", 4, 9),
                new YamlScalar(Location.at("x.yaml", 4, 12), "two", true))),
        inner.entries());
    assertEquals("x.yaml:5:5", list.items().get(1).location().text());
  }

  @Test
  void emptyFilesAreRefused() {
    assertEquals("x.yaml: expected keys with values, got an empty file", mistake(""));
    assertEquals("x.yaml: expected keys with values, got an empty file", mistake("# only this\n"));
    assertEquals("x.yaml:2:1: expected keys with values, got nothing", mistake("---\n"));
    assertEquals("x.yaml:1:1: expected keys with values, got 5", mistake("5"));
    assertEquals("x.yaml:1:1: expected keys with values, got a list", mistake("- 5"));
  }

  @Test
  void tabsAreRefused() {
    assertEquals("x.yaml:2:1: not YAML: a tab cannot indent; use spaces", mistake("a:\n\tb: 1\n"));
    assertEquals(
        "x.yaml:3:1: not YAML: a tab cannot indent; use spaces", mistake("a:\n  b: 1\n\tc: 2\n"));
  }

  @Test
  void brokenYamlIsLocated() {
    assertEquals(
        "x.yaml:2:2: not YAML: while parsing a flow sequence that begins in line 1: expected ',' or ']', but got :",
        mistake("a: [1, 2\nb: 3\n"));
    assertEquals(
        "x.yaml:2:4: not YAML: mapping values are not allowed here", mistake("a: 1\n  b: 2\n"));
    assertEquals(
        "x.yaml:2:1: not YAML: while scanning a quoted scalar that begins in line 1: found unexpected end of stream",
        mistake("a: \"no end\n"));
    assertEquals(
        "x.yaml:2:4: expected text, got the control character U+0001",
        mistake("a: 1\nb: \u0001\n"));
    assertEquals(
        "x.yaml:3:1: not YAML: while scanning a simple key that begins in line 2: could not find expected ':'",
        mistake("a: 1\njust text\n"));
  }

  @Test
  void anAliasBombIsRefusedAtItsFirstAnchor() {
    assertEquals(
        "x.yaml:1:4: anchors (&) and aliases (*) are not supported; write the value out",
        mistake(
            """
            a: &a [x, x, x, x, x, x, x, x]
            b: &b [*a, *a, *a, *a, *a, *a, *a, *a]
            c: &c [*b, *b, *b, *b, *b, *b, *b, *b]
            d: [*c, *c, *c, *c, *c, *c, *c, *c]
            """));
    assertEquals(
        "x.yaml:1:4: anchors (&) and aliases (*) are not supported; write the value out",
        mistake("a: *b\n"));
  }

  @Test
  void tagsAreRefused() {
    assertEquals(
        "x.yaml:1:4: tags (!) are not supported; write the plain value", mistake("a: !!str 5\n"));
    assertEquals(
        "x.yaml:1:4: tags (!) are not supported; write the plain value", mistake("a: !x {b: 1}\n"));
  }

  @Test
  void aKeyTwiceIsRefused() {
    assertEquals(
        "x.yaml:3:3: b: this key stands at x.yaml:2:3 already; remove one of the two",
        mistake("a:\n  b: 1\n  b: 2\n"));
  }

  @Test
  void keysAreTexts() {
    assertEquals("x.yaml:1:3: expected a key, got a list", mistake("? [a]\n: 1\n"));
    assertEquals("x.yaml:1:1: expected a key, got nothing", mistake("null: 1\n"));
  }

  @Test
  void aSecondDocumentIsRefused() {
    assertEquals("x.yaml:2:1: expected one document, got a second one", mistake("a: 1\n---\nb: 1"));
  }

  @Test
  void deepNestingIsRefused() {
    assertEquals(
        "x.yaml:1:22: expected at most 20 levels of nesting, got more",
        mistake("[".repeat(100_000) + "]".repeat(100_000)));
  }

  @Test
  void oversizedFilesAreRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("big.yaml");
    Files.writeString(file, "a: " + "x".repeat(YamlFile.MAX_SIZE_BYTES - 3));
    assertEquals(1, YamlFile.load(file).entries().size());
    Files.writeString(file, "a: " + "x".repeat(YamlFile.MAX_SIZE_BYTES - 2));
    assertEquals(
        file + ": expected at most 1048576 bytes, got more",
        assertThrows(ConfigException.class, () -> YamlFile.load(file)).getMessage());
  }

  @Test
  void filesThatAreNoTextAreRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("latin1.yaml");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xe9, '\n'});
    assertEquals(
        file + ": expected UTF-8 text, got other bytes",
        assertThrows(ConfigException.class, () -> YamlFile.load(file)).getMessage());
    Path missing = folder.resolve("missing.yaml");
    assertEquals(
        missing + ": no such file",
        assertThrows(ConfigException.class, () -> YamlFile.load(missing)).getMessage());
  }

  @Test
  void whatTheScannerCannotReadIsRefusedLikeAnyMistake() {
    assertEquals(
        "x.yaml: not YAML: the parser cannot go on: For input string: \"FFFFFFFF\" under radix 16",
        mistake("a: \"\\UFFFFFFFF\""));
  }
}
