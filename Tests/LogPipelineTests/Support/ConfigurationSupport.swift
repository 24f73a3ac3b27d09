import LogPipeline
import Testing

/// Loads a configuration from the text of a file, variables and settings.
struct ConfigurationTrial {
  let folder: String
  var path: String { "\(folder)/conf.yaml" }

  init() throws { folder = try FileSystem.makeTemporaryDirectory(prefix: "configuration-") }

  func load(
    _ yaml: String? = nil, environment: [String: String] = [:], settings: [String] = [],
    flags: [ConfigurationLoader.FlagSetting] = []
  ) throws -> LoadedConfiguration {
    if let yaml { try FileSystem.replace(path, with: Array(yaml.utf8)) }
    return try ConfigurationLoader.load(
      file: yaml == nil ? nil : path, environment: environment, settings: settings, flags: flags)
  }

  /// What is wrong with it; empty when nothing is.
  func problems(
    _ yaml: String? = nil, environment: [String: String] = [:], settings: [String] = [],
    flags: [ConfigurationLoader.FlagSetting] = []
  ) throws -> [ConfigurationProblem] {
    do {
      _ = try load(yaml, environment: environment, settings: settings, flags: flags)
      return []
    } catch let error as ConfigurationError {
      return error.problems
    }
  }

  func remove() throws {
    for name in try FileSystem.names(in: folder) { try FileSystem.remove("\(folder)/\(name)") }
    try FileSystem.removeDirectory(folder)
  }
}

/// Runs `body` with a trial and removes its folder.
func withConfigurationTrial(_ body: (ConfigurationTrial) throws -> Void) throws {
  let trial = try ConfigurationTrial()
  do { try body(trial) } catch {
    try trial.remove()
    throw error
  }
  try trial.remove()
}
