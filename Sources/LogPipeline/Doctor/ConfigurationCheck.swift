/// Whether the configuration is one, and what it points to can be used here.
package struct ConfigurationCheck: DoctorCheck {
  package static let name = "configuration"

  private let loaded: Result<LoadedConfiguration, ConfigurationError>

  package init(_ loaded: Result<LoadedConfiguration, ConfigurationError>) { self.loaded = loaded }

  package func run() -> [DoctorFinding] {
    switch loaded {
    case .failure(let error): return Self.judge(error)
    case .success(let loaded):
      return Self.judge(
        loaded, unusable: ConfigurationInspection.unreadableFiles(of: loaded.configuration))
    }
  }

  package static func judge(_ error: ConfigurationError) -> [DoctorFinding] {
    error.problems.map { problem in
      let allowed = problem.allowed.map { "Allowed: \($0)." }
      let meant = problem.suggestion.map { "Did you mean \($0)?" }
      return .failed(
        name,
        problem.key.isEmpty
          ? "\(problem.place): \(problem.reason)."
          : "\(problem.place): \(problem.key): \(problem.reason).",
        [allowed, meant].compactMap(\.self).joined(separator: " "),
        meanwhile: "An agent with it does not start; one that runs goes on as it was.",
        remedy: "Correct that, then see that it is right:", type: ["sheepshipper validate"])
    }
  }

  /// `unusable`: a sentence for each secret and file that can not be used here.
  package static func judge(
    _ loaded: LoadedConfiguration, unusable: [String]
  ) -> [DoctorFinding] {
    let findings =
      loaded.warnings.map {
        DoctorFinding.warning(
          name, $0, meanwhile: "The agent starts, and does what is set.",
          remedy: "Look whether that is meant.")
      }
      + unusable.map {
        DoctorFinding.warning(
          name, $0,
          meanwhile: "An agent of this user does not start with that, or refuses who needs it; one "
            + "that runs goes on with what it has read.",
          remedy: "If the agent runs as another user, run doctor as that one.")
      }
    guard findings.isEmpty else { return findings }
    let count = loaded.places.count
    let settings = "\(count) \(count == 1 ? "setting" : "settings")"
    return [
      .ok(name, loaded.file.map { "\($0), \(settings)" } ?? "no file, \(settings) given otherwise")
    ]
  }
}
