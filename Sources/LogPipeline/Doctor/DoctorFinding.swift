/// What a check found out about one thing.
package struct DoctorFinding: Equatable, Sendable {
  /// The check's name: "dns".
  package let check: String
  package let status: DoctorStatus
  /// What was found, in one sentence that names what was looked at.
  package let title: String
  /// More of it, such as the server's own words; empty: nothing.
  package var detail = ""
  /// What becomes of the data as long as it is so; empty where all is well.
  package var consequence = ""
  /// What to do, in words.
  package var remedy = ""
  /// What to type.
  package var commands: [String] = []

  package static func ok(_ check: String, _ title: String, _ detail: String = "") -> DoctorFinding {
    DoctorFinding(check: check, status: .ok, title: title, detail: detail)
  }

  package static func skipped(_ check: String, _ why: String) -> DoctorFinding {
    DoctorFinding(check: check, status: .skipped, title: why)
  }

  package static func failed(
    _ check: String, _ title: String, _ detail: String = "", meanwhile consequence: String,
    remedy: String, type commands: [String] = []
  ) -> DoctorFinding {
    DoctorFinding(
      check: check, status: .failed, title: title, detail: detail, consequence: consequence,
      remedy: remedy, commands: commands)
  }

  package static func warning(
    _ check: String, _ title: String, _ detail: String = "", meanwhile consequence: String,
    remedy: String, type commands: [String] = []
  ) -> DoctorFinding {
    DoctorFinding(
      check: check, status: .warning, title: title, detail: detail, consequence: consequence,
      remedy: remedy, commands: commands)
  }

  package var json: JsonValue {
    .object([
      ("check", .string(check)), ("status", .string(status.rawValue)), ("title", .string(title)),
      ("detail", .string(detail)), ("consequence", .string(consequence)),
      ("remedy", .string(remedy)), ("commands", .array(commands.map(JsonValue.string))),
    ])
  }
}
