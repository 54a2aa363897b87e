package io.millrace.model.safetensors;

import java.io.IOException;

/** A file that is no safetensors file, or one that cannot be used here; says where and why. */
public final class SafetensorsException extends IOException {
  private static final long serialVersionUID = 1L;

  SafetensorsException(String message) {
    super(message);
  }

  SafetensorsException(String message, Throwable cause) {
    super(message, cause);
  }
}
