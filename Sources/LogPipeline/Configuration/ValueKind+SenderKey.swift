extension ValueKind where Value == SenderKey {
  /// A secret as ever, or one with a team, a source and an end beside it.
  static var senderKey: ValueKind {
    ValueKind(
      name: "key", allowed: SenderKey.form, isStructured: true, isSecret: true,
      read: { node, context in
        guard case .mapping(let members) = node.content else {
          return ValueKind<Secret>.secret.read(node, &context).map { SenderKey($0) }
        }
        let isExtra = { (name: String) in SenderKey.extras.contains(name) }
        let places = members.filter { !isExtra($0.key) }
        guard places.count == 1, ["file", "env", "value"].contains(places[0].key) else {
          let unknown = places.first { !["file", "env", "value"].contains($0.key) }?.key
          context.refuse(
            node,
            unknown == nil ? "needs one of file, env and value" : "has a key that is not known",
            allowed: SenderKey.form,
            suggestion: unknown.flatMap {
              Spelling.nearest(to: $0, among: ["file", "env", "value"] + SenderKey.extras)
            })
          return nil
        }
        let secretNode = YamlNode(.mapping(places), at: node.place)
        guard let secret = ValueKind<Secret>.secret.read(secretNode, &context) else { return nil }
        var key = SenderKey(secret)
        for member in members where isExtra(member.key) {
          guard key.take(member.key, member.value.text ?? "") else {
            context.refuse(
              member.value, "is no \(member.key)", allowed: SenderKey.allowed(member.key))
            return nil
          }
        }
        return key
      },
      show: { key in
        let extras: [(key: String, value: JsonValue)] = [
          ("team", key.team), ("source", key.source), ("until", key.endDay.map(SenderKey.dayText)),
        ].compactMap { name, value in value.map { (name, .string($0)) } }
        let secret = ValueKind<Secret>.secret.show(key.secret)
        if extras.isEmpty { return secret }
        return .object((secret.members ?? [("value", secret)]) + extras)
      })
  }
}

extension SenderKey {
  fileprivate static let extras = ["team", "source", "until"]
  fileprivate static let form =
    "{file: PATH}, {env: NAME} or {value: TEXT}, beside it team, source and until "
    + "(a day such as 2027-01-01); a plain text is a value"

  fileprivate static func allowed(_ name: String) -> String {
    switch name {
    case "until": "a day such as 2027-01-01: from its beginning, UTC, the key opens nothing more"
    case "team":
      "a name such as engineering, of a few words at most, that does not look like a secret or an address"
    default: "a text of one line"
    }
  }

  /// False: the text is none of that.
  fileprivate mutating func take(_ name: String, _ text: String) -> Bool {
    switch name {
    case "until":
      endDay = Self.day(text)
      return endDay != nil
    case "team":
      team = text
      return FrameUnit.isName(text)
    default:
      source = text
      return !text.isEmpty && !text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    }
  }
}
