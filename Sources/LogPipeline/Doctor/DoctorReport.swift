/// All that a doctor found.
package struct DoctorReport: Equatable, Sendable {
  package private(set) var findings: [DoctorFinding] = []

  package init() {}

  package mutating func add(_ finding: DoctorFinding) { findings.append(finding) }

  package func count(_ status: DoctorStatus) -> Int {
    findings.count { $0.status == status }
  }

  /// The worst of it; what was skipped is no fault.
  package var isWell: Bool { count(.failed) == 0 }

  package var json: JsonValue {
    func number(_ status: DoctorStatus) -> JsonValue { .integer(Int64(count(status))) }
    return .object([
      ("well", .bool(isWell)), ("ok", number(.ok)), ("warnings", number(.warning)),
      ("failed", number(.failed)), ("skipped", number(.skipped)),
      ("findings", .array(findings.map(\.json))),
    ])
  }

  /// The last line of the text: "21 checks: 18 ok, 1 warning, 2 skipped. Nothing is wrong."
  package var summary: String {
    let parts = [
      "\(count(.ok)) ok", count(.warning) == 1 ? "1 warning" : "\(count(.warning)) warnings",
      "\(count(.failed)) failed", "\(count(.skipped)) skipped",
    ]
    let verdict =
      switch (count(.failed), count(.warning)) {
      case (0, 0): "Nothing is wrong with what could be looked at."
      case (0, _): "It works; see the warnings."
      default: "Mend what failed, from the top."
      }
    let all = findings.count == 1 ? "1 check" : "\(findings.count) checks"
    return "\(all): \(parts.joined(separator: ", ")). \(verdict)"
  }
}
