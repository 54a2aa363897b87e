package io.millrace.app.yaml;

import io.millrace.app.yaml.YamlNode.YamlEntry;
import io.millrace.app.yaml.YamlNode.YamlList;
import io.millrace.app.yaml.YamlNode.YamlMapping;
import io.millrace.app.yaml.YamlNode.YamlScalar;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds nodes from parse events. Events come before aliases are resolved, so that a bomb of
 * aliases is refused at its first anchor.
 */
final class YamlParser {
  private static final int MAX_DEPTH = 20;

  private final String name;
  private final boolean marks;

  /**
   * @param name of the file
   * @param marks whether locations have line and column
   */
  YamlParser(String name, boolean marks) {
    this.name = name;
    this.marks = marks;
  }

  YamlNode parse(String text) {
    refuseControlCharacters(text);
    LoadSettings settings =
        LoadSettings.builder().setLabel(name).setCodePointLimit(YamlFile.MAX_SIZE_BYTES).build();
    try {
      Iterator<Event> events = guarded(new Parse(settings).parseString(text).iterator());
      events.next();
      Event start = events.next();
      if (start.getEventId() == Event.ID.StreamEnd) {
        throw new ConfigException(
            Location.file(name), "expected keys with values, got an empty file");
      }
      YamlNode root = node(events, events.next(), 0);
      events.next();
      Event end = events.next();
      if (end.getEventId() != Event.ID.StreamEnd) {
        throw new ConfigException(
            location(end.getStartMark()), "expected one document, got a second one");
      }
      return root;
    } catch (MarkedYamlEngineException e) {
      throw new ConfigException(location(e.getProblemMark()), "not YAML: " + problem(e));
    } catch (YamlEngineException e) {
      throw new ConfigException(Location.file(name), "not YAML: " + firstLine(e));
    }
  }

  /**
   * The events, with every fault of the library as its own exception: an escape of eight digits,
   * for one, makes its scanner fail to parse a number.
   */
  private static Iterator<Event> guarded(Iterator<Event> events) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return events.hasNext();
      }

      @Override
      public Event next() {
        try {
          return events.next();
        } catch (YamlEngineException e) {
          throw e;
        } catch (RuntimeException e) {
          throw new YamlEngineException("the parser cannot go on: " + e.getMessage(), e);
        }
      }
    };
  }

  private YamlNode node(Iterator<Event> events, Event event, int depth) {
    Location location = location(event.getStartMark());
    if (depth > MAX_DEPTH) {
      throw new ConfigException(
          location, "expected at most " + MAX_DEPTH + " levels of nesting, got more");
    }
    refuseAnchorsAndTags(event, location);
    return switch (event.getEventId()) {
      case Scalar -> {
        ScalarEvent scalar = (ScalarEvent) event;
        yield new YamlScalar(location, scalar.getValue(), !scalar.isPlain());
      }
      case SequenceStart -> list(events, location, depth);
      case MappingStart -> mapping(events, location, depth);
      default -> throw new IllegalStateException("unexpected event " + event);
    };
  }

  private YamlList list(Iterator<Event> events, Location location, int depth) {
    List<YamlNode> items = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      items.add(node(events, event, depth + 1));
      event = events.next();
    }
    return new YamlList(location, items);
  }

  private YamlMapping mapping(Iterator<Event> events, Location location, int depth) {
    Map<String, YamlEntry> entries = new LinkedHashMap<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      YamlNode key = node(events, event, depth + 1);
      if (!(key instanceof YamlScalar scalar) || scalar.isNothing()) {
        throw new ConfigException(key.location(), "expected a key, got " + key.describe());
      }
      YamlNode value = node(events, events.next(), depth + 1);
      YamlEntry earlier = entries.putIfAbsent(scalar.text(), new YamlEntry(key.location(), value));
      if (earlier != null) {
        throw new ConfigException(
            key.location(),
            scalar.text(),
            "this key stands at " + earlier.location() + " already; remove one of the two");
      }
      event = events.next();
    }
    return new YamlMapping(location, entries);
  }

  private static void refuseAnchorsAndTags(Event event, Location location) {
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw new ConfigException(
          location, "anchors (&) and aliases (*) are not supported; write the value out");
    }
    Optional<String> tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent collection -> collection.getTag();
          default -> Optional.empty();
        };
    if (tag.isPresent()) {
      throw new ConfigException(location, "tags (!) are not supported; write the plain value");
    }
  }

  /** The parser refuses them too, without saying where. */
  private void refuseControlCharacters(String text) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
        lineStart = i + 1;
      } else if (Character.isISOControl(c) && c != '\t' && c != '\r') {
        throw new ConfigException(
            marks ? Location.at(name, line, i - lineStart + 1) : Location.file(name),
            String.format(Locale.ROOT, "expected text, got the control character U+%04X", (int) c));
      }
    }
  }

  private Location location(Optional<Mark> mark) {
    return mark.filter(_ -> marks)
        .map(at -> Location.at(name, at.getLine() + 1, at.getColumn() + 1))
        .orElse(Location.file(name));
  }

  private static String problem(MarkedYamlEngineException e) {
    if (e.getProblem().contains("'\\t(TAB)'")) {
      return "a tab cannot indent; use spaces";
    }
    String context = e.getContext();
    if (context == null) {
      return e.getProblem();
    }
    String from =
        e.getContextMark().map(mark -> " that begins in line " + (mark.getLine() + 1)).orElse("");
    return context + from + ": " + e.getProblem();
  }

  private static String firstLine(YamlEngineException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
