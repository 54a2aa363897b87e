package io.millrace.model.safetensors;

/** The pieces of JSON (RFC 8259) that a safetensors header has: texts, counts and punctuation. */
final class JsonText {
  private static final int SHOWN = 40;

  private final String text;
  private int position;

  JsonText(String text) {
    this.text = text;
  }

  /** Whether the next character that is no white space is {@code c}; takes it if so. */
  boolean accept(char c) {
    skipWhiteSpace();
    if (position < text.length() && text.charAt(position) == c) {
      position++;
      return true;
    }
    return false;
  }

  void expect(char c) throws SafetensorsException {
    if (!accept(c)) {
      throw unexpected("'" + c + "'");
    }
  }

  /** Requires that nothing but white space is left. */
  void expectEnd() throws SafetensorsException {
    skipWhiteSpace();
    if (position < text.length()) {
      throw unexpected("the end");
    }
  }

  /** A quoted text. */
  String string() throws SafetensorsException {
    expect('"');
    StringBuilder value = new StringBuilder();
    while (true) {
      char c = next("'\"'");
      if (c == '"') {
        return value.toString();
      }
      if (c < ' ') {
        position--;
        throw unexpected("no control character within a text");
      }
      value.append(c == '\\' ? escaped() : c);
    }
  }

  /** A whole number from 0 on, of at most 18 digits. */
  long count() throws SafetensorsException {
    skipWhiteSpace();
    int first = position;
    while (position < text.length() && isDigit(text.charAt(position))) {
      position++;
    }
    int digits = position - first;
    if (digits == 0 || digits > 18 || (digits > 1 && text.charAt(first) == '0')) {
      position = first;
      throw unexpected("a whole number from 0 on, of at most 18 digits and none of them needless");
    }
    return Long.parseLong(text, first, position, 10);
  }

  private char escaped() throws SafetensorsException {
    char c = next("an escaped character");
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int value = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(next("four hexadecimal digits"), 16);
          if (digit < 0 || text.charAt(position - 1) > 'f') {
            position--;
            throw unexpected("four hexadecimal digits");
          }
          value = 16 * value + digit;
        }
        yield (char) value;
      }
      default -> {
        position--;
        throw unexpected("an escaped character");
      }
    };
  }

  private char next(String expected) throws SafetensorsException {
    if (position == text.length()) {
      throw unexpected(expected);
    }
    return text.charAt(position++);
  }

  private void skipWhiteSpace() {
    while (position < text.length() && " \t\n\r".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  SafetensorsException unexpected(String expected) {
    String rest = text.substring(position, Math.min(text.length(), position + SHOWN));
    return new SafetensorsException(
        "header: character "
            + position
            + ": expected "
            + expected
            + ", got "
            + (rest.isEmpty() ? "the end" : "'" + rest + "'"));
  }
}
