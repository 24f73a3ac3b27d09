/// One flag of the command line.
struct Flag: Sendable {
  /// With its dashes.
  let name: String
  /// What stands for its value in the help; nil: it takes none.
  let value: String?
  let meaning: String
  /// The setting it is short for.
  let setting: String?
  let isRepeatable: Bool

  init(
    _ name: String, _ value: String? = nil, _ meaning: String, setting: String? = nil,
    isRepeatable: Bool = false
  ) {
    self.name = name
    self.value = value
    self.meaning = meaning
    self.setting = setting
    self.isRepeatable = isRepeatable
  }
}
