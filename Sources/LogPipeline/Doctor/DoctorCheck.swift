/// One thing that a doctor looks at. What it sees it judges by a pure function of its own, so that each judgement can be
/// tried without a server, a disk or an agent.
package protocol DoctorCheck {
  /// One word, the same in text, JSON and documents.
  static var name: String { get }
  /// Looks, and says what it found: one finding for each host, port or certificate.
  func run() -> [DoctorFinding]
}
