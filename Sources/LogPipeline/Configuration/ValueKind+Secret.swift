extension ValueKind where Value == Secret {
  static var secret: ValueKind {
    let allowed = "{file: PATH}, {env: NAME} or {value: TEXT}; a plain text is a value"
    return ValueKind(
      name: "secret", allowed: allowed, isStructured: true, isSecret: true,
      read: { node, context in
        if let text = node.text {
          return checked(.value(text), node, allowed, &context)
        }
        guard case .mapping(let members) = node.content, members.count == 1,
          let text = members[0].value.text
        else {
          context.refuse(node, allowed: allowed)
          return nil
        }
        switch members[0].key {
        case "file": return checked(.file(text), node, allowed, &context)
        case "env": return checked(.environment(text), node, allowed, &context)
        case "value": return checked(.value(text), node, allowed, &context)
        default:
          context.refuse(
            node, "has a key that is not known", allowed: allowed,
            suggestion: Spelling.nearest(to: members[0].key, among: ["file", "env", "value"]))
          return nil
        }
      },
      show: { secret in
        switch secret.source {
        case .file(let path): .object([("file", .string(path))])
        case .environment(let name): .object([("env", .string(name))])
        case .value: .string(Secret.shown)
        }
      })
  }

  private static func checked(
    _ source: Secret.Source, _ node: YamlNode, _ allowed: String, _ context: inout ValueContext
  ) -> Secret? {
    switch source {
    case .file(let text), .environment(let text), .value(let text):
      let isBlank = text.utf8.allSatisfy { $0 <= 0x20 }
      if isBlank {
        context.refuse(node, "is empty", allowed: allowed)
        return nil
      }
      if text == Secret.shown {
        context.refuse(
          node, "is what is shown in place of a secret, not the secret", allowed: allowed)
        return nil
      }
    }
    return Secret(source)
  }
}
