package io.millrace.app.yaml;

import io.millrace.app.yaml.YamlNode.YamlMapping;
import io.millrace.app.yaml.YamlNode.YamlScalar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Loads one YAML file, guarded against what no settings file needs. */
public final class YamlFile {
  /** The largest file that is read. */
  public static final int MAX_SIZE_BYTES = 1 << 20;

  private YamlFile() {}

  /**
   * Reads a file of UTF-8 text whose root is a mapping.
   *
   * @throws ConfigException if it cannot be read, is too large, not UTF-8, not YAML, empty, or uses
   *     anchors, aliases, tags, several documents or a key twice
   */
  public static YamlMapping load(Path path) {
    String name = path.toString();
    Location file = Location.file(name);
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MAX_SIZE_BYTES + 1);
    } catch (NoSuchFileException _) {
      throw new ConfigException(file, "no such file");
    } catch (IOException e) {
      throw new ConfigException(file, "cannot be read: " + e);
    }
    if (bytes.length > MAX_SIZE_BYTES) {
      throw new ConfigException(file, "expected at most " + MAX_SIZE_BYTES + " bytes, got more");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw new ConfigException(file, "expected UTF-8 text, got other bytes");
    }
    return parse(name, text);
  }

  /**
   * The same for a text at hand.
   *
   * @param name what messages call it
   */
  public static YamlMapping parse(String name, String text) {
    YamlNode root = new YamlParser(name, true).parse(text);
    if (root instanceof YamlMapping mapping) {
      return mapping;
    }
    throw new ConfigException(root.location(), "expected keys with values, got " + root.describe());
  }

  /** A value from the command line, written as in a file: a scalar, [a list] or {a: mapping}. */
  static YamlNode parseValue(Location location, String text) {
    return text.isBlank()
        ? new YamlScalar(location, "", false)
        : new YamlParser(location.text(), false).parse(text);
  }
}
