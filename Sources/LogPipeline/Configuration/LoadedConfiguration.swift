/// A configuration that passed all checks, and where its settings came from.
package struct LoadedConfiguration: Sendable {
  package let configuration: Configuration
  /// For each setting that was given: "conf.yaml:3:14", "environment variable …" or "--set …".
  package let places: [String: String]
  /// What is allowed but probably not wanted; whole sentences.
  package var warnings: [String]
  /// The file that was read; nil: none.
  package let file: String?
}
