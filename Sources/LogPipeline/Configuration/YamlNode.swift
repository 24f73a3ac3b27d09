/// A piece of a YAML document and where it stands.
package struct YamlNode: Equatable, Sendable {
  package indirect enum Content: Equatable, Sendable {
    /// `isPlain`: written without quotes, so that `null` and `~` mean nothing and not themselves.
    case scalar(String, isPlain: Bool)
    case sequence([YamlNode])
    case mapping([Member])
  }

  package struct Member: Equatable, Sendable {
    package let key: String
    package let keyPlace: YamlPlace
    package let value: YamlNode
  }

  package let content: Content
  package let place: YamlPlace

  package init(_ content: Content, at place: YamlPlace) {
    self.content = content
    self.place = place
  }

  /// Nothing, `~` or `null`.
  package var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The text of a scalar that is not null.
  package var text: String? {
    guard !isNull, case .scalar(let text, _) = content else { return nil }
    return text
  }

  /// What was given, for a message: one line, cut at 60 characters.
  package var summary: String {
    switch content {
    case .scalar(let text, let isPlain):
      return isPlain && isNull ? "nothing" : JsonValue.quoted(Self.cut(text))
    case .sequence(let elements): return "a list of \(elements.count)"
    case .mapping(let members):
      return "a group of settings (\(Self.cut(members.map(\.key).joined(separator: ", "))))"
    }
  }

  private static func cut(_ text: String) -> String {
    text.count <= 60 ? text : text.prefix(57) + "..."
  }
}
