import LogPipeline

/// How a command talks.
struct OutputOptions: Equatable, Sendable {
  var format = OutputFormat.text
  /// No progress, no notes.
  var isQuiet = false
}

struct RunOptions: Equatable, Sendable {
  var output = OutputOptions()
  /// Where the configuration is read again; nil: nowhere.
  var source: ConfigurationSource?
}

/// What `pipe` does differently stands in `Configuration.pipe`.
struct PipeOptions: Equatable, Sendable {
  var output = OutputOptions()
}

struct ReplayOptions: Equatable, Sendable {
  var output = OutputOptions()
  /// Files, folders and patterns, as given; at least one.
  var files: [String]
}

struct DoctorOptions: Sendable {
  enum Action: Sendable {
    case crashTest(CrashTest.Settings)
    /// `isStrict`: a warning counts as a failure.
    case checks(ConfigurationSource, triesRoundTrip: Bool, isStrict: Bool)
  }

  var output = OutputOptions()
  var action: Action
}

struct RingOptions: Equatable, Sendable {
  enum Action: Equatable, Sendable {
    case status
    case verify
    case export(file: String, isAll: Bool)
    /// The new size stands in the configuration, as `ring.size`.
    case resize
  }

  var output = OutputOptions()
  var action: Action
  /// The ring's file; nil: the configured agent's.
  var file: String?
}

struct SetupOptions: Equatable, Sendable {
  var output = OutputOptions()
  var isDryRun = false
  /// The server to plan for, without asking any, as it was given: "opensearch-2.19".
  var plannedFor: String?
  var choices = SetupChoices()
}

struct DemoOptions: Equatable, Sendable {
  var output = OutputOptions()
  /// Where to keep the files; nil: a temporary folder.
  var directory: String?
  /// Of its TCP input; nil: any free one.
  var port: UInt16?
}
