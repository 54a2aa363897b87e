package io.millrace.app.learner;

/** Commands for a POSIX shell. */
final class ShellText {

  /** What every command that changes a cluster needs beside its arguments. */
  static final String ADMIN_NOTE =
      "# admin.properties: the client settings of somebody who may change ACLs and topics\n";

  private ShellText() {}

  /** The beginning of a command of Kafka's tools. */
  static String command(String tool, String bootstrapServers) {
    return tool
        + " --bootstrap-server "
        + quote(bootstrapServers)
        + " --command-config admin.properties";
  }

  /** A word that the shell takes as it is. */
  static String quote(String word) {
    return word.matches("[A-Za-z0-9_./:,=@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
