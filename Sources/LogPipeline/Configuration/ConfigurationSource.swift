/// Where a configuration came from, so that it can be read again.
package struct ConfigurationSource: Equatable, Sendable {
  /// nil: none.
  package let file: String?
  package let environment: [String: String]
  /// As `--set` takes them.
  package let settings: [String]
  package let flags: [ConfigurationLoader.FlagSetting]

  package init(
    file: String?, environment: [String: String] = [:], settings: [String] = [],
    flags: [ConfigurationLoader.FlagSetting] = []
  ) {
    (self.file, self.environment, self.settings, self.flags) = (file, environment, settings, flags)
  }

  package func load() throws(ConfigurationError) -> LoadedConfiguration {
    try ConfigurationLoader.load(
      file: file, environment: environment, settings: settings, flags: flags)
  }
}
