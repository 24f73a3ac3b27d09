/// Something the running agent can be asked to do over its control socket.
package struct ControlCommand: Sendable {
  /// As in the request's `command`.
  package let name: String
  /// Gives the lines of the answer. Called on the control thread, one request at a time; may block for a minute or two.
  package let run: @Sendable (JsonValue) throws(ControlError) -> [JsonValue]

  package init(
    _ name: String, run: @escaping @Sendable (JsonValue) throws(ControlError) -> [JsonValue]
  ) {
    (self.name, self.run) = (name, run)
  }
}
