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

  /// What its value may be, where that is one of a few words.
  var choices: [String] {
    guard let value, value.contains("|") else { return [] }
    return value.split(separator: "|").map(String.init).filter { $0.first?.isLowercase == true }
  }

  var takesFile: Bool { value == "FILE" || value == "PATH" || value == "DIR" || value == "FOLDER" }

  /// `--config FILE`.
  var usage: String { name + (value.map { " \($0)" } ?? "") }
}
