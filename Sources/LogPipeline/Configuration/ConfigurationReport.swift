/// The effective configuration as text, without secrets: what `validate` prints.
package enum ConfigurationReport {
  /// YAML that can be read back, each setting that was given with a comment that says where. A secret given as a
  /// value is shown as stars, which are refused when read back.
  package static func yaml(_ loaded: LoadedConfiguration) -> String {
    var text = "# The effective configuration. Values without a comment are defaults.\n"
    var open: [Substring] = []
    for key in ConfigurationKeys.all.keys.sorted(by: groupsTogether) {
      let parts = key.path.split(separator: ".")
      let groups = parts.dropLast()
      let common = zip(open, groups).prefix { $0 == $1 }.count
      for (level, name) in groups.enumerated() where level >= common {
        text += indent(level) + "\(name):\n"
      }
      open = Array(groups)
      let comment = loaded.places[key.path].map { "  # \($0)" } ?? ""
      let start = indent(groups.count) + "\(parts[parts.count - 1]):"
      let value = key.shown(loaded.configuration)
      let flow = self.flow(value)
      if start.count + flow.count > 76, case .array(let elements) = value, !elements.isEmpty {
        text += start + comment + "\n"
        for element in elements { text += indent(groups.count + 1) + "- \(self.flow(element))\n" }
      } else {
        text += "\(start) \(flow)\(comment)\n"
      }
    }
    return text
  }

  /// `configuration`, `places` of what was given, `warnings` and the file that was read.
  package static func json(_ loaded: LoadedConfiguration) -> JsonValue {
    .object([
      ("valid", .bool(true)),
      ("file", loaded.file.map { .string($0) } ?? .null),
      ("configuration", tree(loaded.configuration)),
      (
        "places",
        .object(loaded.places.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
      ),
      ("warnings", .array(loaded.warnings.map { .string($0) })),
    ])
  }

  /// What is wrong, for programs.
  package static func json(_ error: ConfigurationError) -> JsonValue {
    let problems = error.problems.map { problem in
      JsonValue.object([
        ("place", .string(problem.place)), ("key", .string(problem.key)),
        ("reason", .string(problem.reason)),
        ("allowed", problem.allowed.map { .string($0) } ?? .null),
        ("suggestion", problem.suggestion.map { .string($0) } ?? .null),
      ])
    }
    return .object([("valid", .bool(false)), ("errors", .array(problems))])
  }

  /// All settings as nested objects.
  private static func tree(_ configuration: Configuration) -> JsonValue {
    func group(_ keys: [(path: [Substring], value: JsonValue)]) -> JsonValue {
      var members: [(key: String, value: JsonValue)] = []
      for (path, value) in keys where !members.contains(where: { $0.key == path[0] }) {
        if path.count == 1 {
          members.append((String(path[0]), value))
        } else {
          let inner = keys.filter { $0.path[0] == path[0] }
          members.append(
            (String(path[0]), group(inner.map { (Array($0.path.dropFirst()), $0.value) })))
        }
      }
      return .object(members)
    }
    return group(
      ConfigurationKeys.all.keys.map { ($0.path.split(separator: "."), $0.shown(configuration)) })
  }

  /// The top groups in the table's order, and in each the settings of the group itself before those of inner groups.
  private static func groupsTogether(
    _ a: ConfigurationKey<Configuration>, _ b: ConfigurationKey<Configuration>
  ) -> Bool {
    rank(a) < rank(b)
  }

  private static func rank(_ key: ConfigurationKey<Configuration>) -> String {
    let parts = key.path.split(separator: ".")
    let keys = ConfigurationKeys.all.keys
    let top = keys.firstIndex { $0.path.hasPrefix(parts[0]) } ?? 0
    let inner = parts.dropFirst().dropLast().joined(separator: ".")
    let own = keys.firstIndex { $0.path == key.path } ?? 0
    return "\(UtcTime.padded(top, 4)) \(inner) \(UtcTime.padded(own, 4))"
  }

  private static func indent(_ level: Int) -> String { String(repeating: "  ", count: level) }

  /// One line of YAML.
  private static func flow(_ value: JsonValue) -> String {
    switch value {
    case .string(let text): isPlain(text) ? text : JsonValue.quoted(text)
    case .array(let elements): "[\(elements.map(flow).joined(separator: ", "))]"
    case .object(let members):
      "{\(members.map { "\($0.key): \(flow($0.value))" }.joined(separator: ", "))}"
    default: value.text
    }
  }

  /// Whether a text needs no quotes, also between brackets.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, !["null", "true", "false", "~"].contains(text) else {
      return false
    }
    func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        true
      default: false
      }
    }
    return isWord(first)
      && text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ":") }
      && !text.hasSuffix(":")
  }
}
