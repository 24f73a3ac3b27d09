extension SourceRule {
  /// The settings of one element of `sources`.
  package static let keys = KeySet<SourceRule>(
    [
      .init(
        "match.input",
        .optional(
          .choice([
            ("tcp", .tcp), ("webhook", .webhook), ("stdin", .stdin), ("file", .file),
          ])), \.match.input, "How the event came in"),
      .init("match.path", .optional(.urlPath), \.match.path, "The webhook path it was posted to"),
      .init(
        "match.name", .optional(.string("any text")), \.match.name,
        "The source of the key a request came with, else its x-source header"),
      .init("book", .optional(.choice()), \.book, "Prices; not set: pricing.book"),
      .init("basis", .optional(.choice()), \.basis, "What is priced; not set: pricing.basis"),
      .init(
        "region", .optional(.choice([("eu", .eu), ("us", .us)])), \.region,
        "Where the provider processes calls, if events do not say; some charge more for it"),
      .init(
        "trust_team_header", .boolean, \.isTeamHeaderTrusted,
        "Whether X-Team-ID names the team and not only a claim"),
      .init(
        "content", .optional(.choice()), \.content,
        "What becomes of texts; not set: privacy.content"),
    ], later: ["route"])

  /// The list of rules.
  static let kind = ValueKind<[SourceRule]>(
    name: "list",
    allowed:
      "a list of {match: {input, path, name}, book, basis, region, trust_team_header, content}",
    isStructured: true,
    read: { node, context in
      guard case .sequence(let elements) = node.content else {
        context.refuse(node, allowed: "a list: [{match: {input: webhook}, book: direct}]")
        return nil
      }
      let key = context.key
      var rules: [SourceRule] = []
      for (index, element) in elements.enumerated() where !context.isFull {
        var rule = SourceRule()
        let before = context.problems.count
        keys.read(
          element, at: "", keyPlace: element.place, into: &rule, prefix: "\(key)[\(index)].",
          &context)
        (context.key, context.isSecret) = ("\(key)[\(index)]", false)
        if before == context.problems.count { check(rule, element, &context) }
        rules.append(rule)
      }
      return rules
    },
    show: { rules in .array(rules.map(show)) })

  private static func check(_ rule: SourceRule, _ node: YamlNode, _ context: inout ValueContext) {
    if rule.match == Match() {
      context.refuse(
        node, "matches nothing in particular", allowed: "at least one of match.input, path and name"
      )
    } else if rule.match.path != nil, let input = rule.match.input, input != .webhook {
      context.refuse(node, "has a path, which only the webhook knows", allowed: "input: webhook")
    }
  }

  /// Only what is set: as somebody would write it.
  private static func show(_ rule: SourceRule) -> JsonValue {
    var match: [(key: String, value: JsonValue)] = []
    var rest: [(key: String, value: JsonValue)] = []
    for key in keys.keys {
      let value = key.shown(rule)
      if value == .null { continue }
      if key.path.hasPrefix("match.") {
        match.append((String(key.path.dropFirst(6)), value))
      } else {
        rest.append((key.path, value))
      }
    }
    return .object([("match", .object(match))] + rest)
  }
}
