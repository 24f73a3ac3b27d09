/// Settings of the running agent that are changed over its control socket.
extension AgentControl {
  package static let reloadCommand = "reload"
  package static let logLevelCommand = "log-level"

  /// `reload`: as SIGHUP, with the difference as the answer. `log-level`: the level until the next start, or until a
  /// reload changes `log.level`.
  static func settings(_ reload: AgentReload) -> [ControlCommand] {
    [
      ControlCommand(reloadCommand) { _ throws(ControlError) in
        let report = reload.reload()
        report.log(because: "asked over the control socket")
        return [report.json]
      },
      ControlCommand(logLevelCommand) { request throws(ControlError) in
        let old = Log.level
        if let name = request["level"]?.string {
          guard let level = Log.Level.allCases.first(where: { "\($0)" == name }), level != .silent
          else { throw .refused("there is no log level \(name)") }
          Log.setMinimum(level)
        }
        return [
          .object([("level", .string("\(Log.level)")), ("before", .string("\(old)"))])
        ]
      },
    ]
  }
}
