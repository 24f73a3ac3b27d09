/// What a setting takes: how it is read, what is allowed, how it is shown again.
struct ValueKind<Value: Sendable>: Sendable {
  /// One or two words for the table of settings: "size".
  let name: String
  /// What is allowed, for the table and for messages.
  let allowed: String
  /// Whether the value can be a list or a group, and not a single text alone.
  var isStructured = false
  var isSecret = false
  /// nil when refused; the context then has the reason.
  let read: @Sendable (YamlNode, inout ValueContext) -> Value?
  /// As it would be written in the file; secrets as where they come from.
  let show: @Sendable (Value) -> JsonValue
}

extension ValueKind {
  /// A kind whose values are single texts; `parse` answers nil for one that is not allowed.
  static func text(
    _ name: String, allowed: String, parse: @escaping @Sendable (String) -> Value?,
    suggest: @escaping @Sendable (String) -> String? = { _ in nil },
    show: @escaping @Sendable (Value) -> JsonValue
  ) -> ValueKind {
    ValueKind(
      name: name, allowed: allowed,
      read: { node, context in
        guard let text = node.text else {
          context.refuse(node, allowed: allowed)
          return nil
        }
        if let value = parse(text) { return value }
        context.refuse(node, allowed: allowed, suggestion: suggest(text))
        return nil
      }, show: show)
  }

  /// Also takes `null`: not set.
  static func optional<Wrapped: Sendable>(
    _ kind: ValueKind<Wrapped>
  ) -> ValueKind where Value == Wrapped? {
    ValueKind(
      name: kind.name, allowed: kind.allowed, isStructured: kind.isStructured,
      isSecret: kind.isSecret,
      read: { node, context in
        if node.isNull { return .some(nil) }
        return kind.read(node, &context).map { .some($0) }
      },
      show: { value in value.map(kind.show) ?? .null })
  }

  /// A list; one element alone needs no brackets.
  static func list<Element: Sendable>(
    of kind: ValueKind<Element>, atLeast: Int = 0, allowed: String
  ) -> ValueKind where Value == [Element] {
    ValueKind(
      name: "list", allowed: allowed, isStructured: true, isSecret: kind.isSecret,
      read: { node, context in
        let nodes: [YamlNode]
        if case .sequence(let elements) = node.content { nodes = elements } else { nodes = [node] }
        guard nodes.count >= atLeast else {
          context.refuse(node, "has too few elements", allowed: allowed)
          return nil
        }
        let values = nodes.map { kind.read($0, &context) }
        return values.contains { $0 == nil } ? nil : values.compactMap { $0 }
      },
      show: { .array($0.map(kind.show)) })
  }
}

extension ValueKind where Value == Bool {
  static var boolean: ValueKind {
    .text(
      "boolean", allowed: "true or false",
      parse: { ["true": true, "false": false][$0] },
      suggest: { text in
        ["yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"][
          text.lowercased()]
      },
      show: { .bool($0) })
  }
}

extension ValueKind where Value: Equatable {
  /// One of some words. `later`: words the documentation may name but this version does not have.
  static func choice(_ words: [(String, Value)], later: [String] = []) -> ValueKind {
    let names = words.map(\.0)
    let allowed = names.count == 1 ? "\(names[0])" : "one of \(names.joined(separator: ", "))"
    return ValueKind(
      name: "choice", allowed: allowed,
      read: { node, context in
        if let value = words.first(where: { $0.0 == node.text })?.1 { return value }
        guard let text = node.text else {
          context.refuse(node, allowed: allowed)
          return nil
        }
        if later.contains(text) {
          context.refuse(node, "is not available in this version", allowed: allowed)
        } else {
          context.refuse(
            node, allowed: allowed, suggestion: Spelling.nearest(to: text, among: names))
        }
        return nil
      },
      show: { value in .string(words.first { $0.1 == value }?.0 ?? "") })
  }
}

extension ValueKind
where Value: RawRepresentable & CaseIterable & Equatable, Value.RawValue == String {
  static func choice(later: [String] = []) -> ValueKind {
    .choice(Value.allCases.map { ($0.rawValue, $0) }, later: later)
  }
}
