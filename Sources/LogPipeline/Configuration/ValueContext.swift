/// What a value's reader knows of the setting, and where it puts what is wrong.
struct ValueContext {
  let source: SettingSource
  var key: String
  /// Whether the value must not appear in a message.
  var isSecret: Bool
  var problems: [ConfigurationProblem] = []

  /// `node` is not what the setting takes.
  mutating func refuse(
    _ node: YamlNode, _ reason: String = "is not allowed", allowed: String?,
    suggestion: String? = nil
  ) {
    let given = isSecret && !node.isNull ? "the value given" : node.summary
    problems.append(
      ConfigurationProblem(
        place: source.place(node.place), key: key, reason: "\(given) \(reason)", allowed: allowed,
        suggestion: suggestion))
  }
}
