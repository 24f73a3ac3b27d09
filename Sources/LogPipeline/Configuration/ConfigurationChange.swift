/// A setting that two configurations have differently.
package struct ConfigurationChange: Equatable, Sendable {
  package let path: String
  /// As `validate` shows them: a secret as where it comes from.
  package let old: String
  package let new: String
  /// A running agent takes it over.
  package let isLive: Bool

  /// What a running agent takes over; everything else holds from its next start on.
  static let livePaths: Set<String> = [
    "log.level", "pricing.book", "pricing.basis", "pricing.file", "sources", "privacy.ip",
    "privacy.user", "time.past_max", "time.future_max",
  ]

  /// In the order of the settings' table.
  package static func all(
    from old: Configuration, to new: Configuration
  ) -> [ConfigurationChange] {
    ConfigurationKeys.all.keys.filter { !$0.isSame(old, new) }.map { key in
      ConfigurationChange(
        path: key.path, old: text(key.shown(old)), new: text(key.shown(new)),
        isLive: isLive(key.path, old, new))
    }
  }

  /// `running` with all that a running agent takes over from `new`.
  static func applied(_ new: Configuration, to running: Configuration) -> Configuration {
    var result = running
    for key in ConfigurationKeys.all.keys where isLive(key.path, running, new) {
      key.copy(from: new, to: &result)
    }
    return result
  }

  /// Users are not hashed with a key that is about to change: both come with the next start.
  private static func isLive(_ path: String, _ old: Configuration, _ new: Configuration) -> Bool {
    guard path != "privacy.user" else {
      return ConfigurationKeys.all.keys.allSatisfy {
        $0.path != "privacy.key" || $0.isSame(old, new)
      }
    }
    return livePaths.contains(path)
  }

  private static func text(_ value: JsonValue) -> String {
    switch value {
    case .null: "not set"
    case .string(let text): text
    default: value.text
    }
  }
}
