/// What ``RingResize`` did.
package struct RingResizeReport: Equatable, Sendable {
  let path: String
  package let oldBytes: UInt64
  package let newBytes: UInt64
  package internal(set) var groups: UInt64 = 0
  package internal(set) var events: UInt64 = 0

  init(path: String, oldBytes: UInt64, newBytes: UInt64) {
    (self.path, self.oldBytes, self.newBytes) = (path, oldBytes, newBytes)
  }

  package var text: String {
    guard oldBytes != newBytes else {
      return "The ring at \(path) has \(TextAmount.bytes(newBytes)) already; nothing was done.\n"
    }
    return """
      Resized \(path)
      from \(TextAmount.bytes(oldBytes)) to \(TextAmount.bytes(newBytes)). \
      Copied and checked: \(TextAmount.counted(events, "event")) in \
      \(TextAmount.counted(groups, "group")).

      """
        + TextLayout.wrapped(
          "Cursors, counters and ids are the same. Now set ring.size to \(setting) in the "
            + "configuration; the agent does not start while it says otherwise.")
  }

  /// As the configuration takes it.
  private var setting: String {
    let units: [(UInt64, String)] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
    guard let unit = units.first(where: { newBytes.isMultiple(of: $0.0) }) else {
      return "\(newBytes)"
    }
    return "\(newBytes / unit.0)\(unit.1)"
  }

  package var json: JsonValue {
    .object([
      ("ring", .string(path)), ("old_bytes", .integer(Int64(clamping: oldBytes))),
      ("new_bytes", .integer(Int64(clamping: newBytes))),
      ("groups", .integer(Int64(clamping: groups))),
      ("events", .integer(Int64(clamping: events))),
    ])
  }
}
