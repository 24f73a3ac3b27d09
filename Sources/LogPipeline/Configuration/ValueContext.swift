/// What a value's reader knows of the setting, and where it puts what is wrong.
struct ValueContext {
  let source: SettingSource
  var key: String
  /// Whether the value must not appear in a message.
  var isSecret: Bool
  private(set) var problems: [ConfigurationProblem] = []
  /// Of one source; a file of nonsense is not answered line by line.
  static let problemsMax = 20
  var isFull: Bool { problems.count > Self.problemsMax }

  init(source: SettingSource, key: String) {
    self.source = source
    self.key = key
    isSecret = false
  }

  mutating func add(_ problem: ConfigurationProblem) {
    if problems.count < Self.problemsMax {
      problems.append(problem)
    } else if !isFull {
      problems.append(
        ConfigurationProblem(
          place: source.place(nil), key: "",
          reason: "more is wrong; only the first \(Self.problemsMax) errors are shown"))
    }
  }

  /// `node` is not what the setting takes.
  mutating func refuse(
    _ node: YamlNode, _ reason: String = "is not allowed", allowed: String?,
    suggestion: String? = nil
  ) {
    let given = isSecret && !node.isNull ? "the value given" : node.summary
    add(
      ConfigurationProblem(
        place: source.place(node.place), key: key, reason: "\(given) \(reason)", allowed: allowed,
        suggestion: suggestion))
  }
}
