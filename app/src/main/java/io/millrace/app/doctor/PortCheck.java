package io.millrace.app.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** Whether a port of this machine is free for a page or for predictions. */
final class PortCheck implements Check {

  private final int port;

  PortCheck(int port) {
    this.port = port;
  }

  @Override
  public String subject() {
    return "port " + port;
  }

  @Override
  public List<Finding> look() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return List.of(fine("free on this machine"));
    } catch (IOException e) {
      return List.of(
          fault(
              "cannot be listened at: " + e.getMessage(),
              "end the program that has it (lsof -i :"
                  + port
                  + "), or choose another, such as serve --port 0"));
    }
  }
}
