/// Something the running agent goes on telling over its control socket, for as long as somebody listens.
package struct ControlStream: Sendable {
  /// As in the request's `command`.
  package let name: String
  /// Called on the control thread; must not block.
  package let open: @Sendable (JsonValue) throws(ControlError) -> any ControlSource

  package init(
    _ name: String, open: @escaping @Sendable (JsonValue) throws(ControlError) -> any ControlSource
  ) {
    (self.name, self.open) = (name, open)
  }
}
