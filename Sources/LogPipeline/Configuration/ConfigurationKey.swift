/// One setting: its name, what it takes, what it means, and where it is kept.
package struct ConfigurationKey<Root: Sendable>: Sendable {
  /// Dotted, as operators write it: "inputs.tcp.line_max".
  package let path: String
  /// "size", "duration" …
  package let kind: String
  package let allowed: String
  package let meaning: String
  package let isSecret: Bool
  /// Whether it takes more than a single text.
  let isStructured: Bool
  private let assignment: @Sendable (YamlNode, inout Root, inout ValueContext) -> Void
  private let showing: @Sendable (Root) -> JsonValue
  private let comparing: @Sendable (Root, Root) -> Bool
  private let copying: @Sendable (Root, inout Root) -> Void

  init<Value: Equatable>(
    _ path: String, _ kind: ValueKind<Value>, _ place: any WritableKeyPath<Root, Value> & Sendable,
    _ meaning: String
  ) {
    self.path = path
    self.kind = kind.name
    self.meaning = meaning
    allowed = kind.allowed
    isSecret = kind.isSecret
    isStructured = kind.isStructured
    assignment = { node, root, context in
      if let value = kind.read(node, &context) { root[keyPath: place] = value }
    }
    showing = { kind.show($0[keyPath: place]) }
    comparing = { $0[keyPath: place] == $1[keyPath: place] }
    copying = { $1[keyPath: place] = $0[keyPath: place] }
  }

  /// Reads `node` into its place; what is wrong with it goes to `context`.
  func assign(_ node: YamlNode, to root: inout Root, _ context: inout ValueContext) {
    assignment(node, &root, &context)
  }

  /// Whether both have the same value; secrets too.
  package func isSame(_ a: Root, _ b: Root) -> Bool { comparing(a, b) }

  func copy(from source: Root, to target: inout Root) { copying(source, &target) }

  /// The value as it would be written; secrets as where they come from.
  package func shown(_ root: Root) -> JsonValue { showing(root) }
}
