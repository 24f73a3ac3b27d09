/// The Prometheus text format, version 0.0.4.
package enum MetricsText {
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"
  package static let prefix = "sheepshipper_"

  package static func render(_ snapshot: StatusSnapshot) -> String {
    var text = ""
    append(
      .gauge(
        "build_info", "Always 1; the version is the label.", by: "version", [(snapshot.version, 1)]),
      to: &text)
    for metric in own(snapshot) { append(metric, to: &text) }
    // Left out while they are not known: a zero would look like counters that began anew.
    for metric in snapshot.ledger.map(LedgerReport.metrics) ?? [] { append(metric, to: &text) }
    for section in snapshot.sections {
      for metric in section.metrics { append(metric, section: section.name, to: &text) }
    }
    return text
  }

  private static func own(_ snapshot: StatusSnapshot) -> [Metric] {
    [
      .gauge("uptime_seconds", "Time since the program started.", snapshot.uptime.inSeconds),
      .gauge(
        "ready", "1 while the inputs accept events, else 0.",
        UInt64(snapshot.notReadyBecause.isEmpty ? 1 : 0)),
      .gauge(
        "stuck_threads", "Threads that have been at one piece of work for too long.",
        UInt64(snapshot.stuckThreads.count)),
      .counter(
        "cpu_seconds", "CPU time of the process, user and system.", snapshot.process.cpuSeconds),
      .gauge(
        "resident_memory_bytes", "Memory the process holds.", snapshot.process.residentBytes),
      .gauge(
        "resident_memory_peak_bytes", "The most memory it has held.",
        snapshot.process.peakResidentBytes),
    ]
  }

  private static func append(_ metric: Metric, section: String? = nil, to text: inout String) {
    let name = prefix + (section.map { "\($0)_" } ?? "") + metric.name
    text += "# HELP \(name) \(escapedHelp(metric.help))\n# TYPE \(name) \(metric.kind.rawValue)\n"
    for sample in metric.samples {
      text += name
      if let label = metric.labelName, let value = sample.labelValue {
        text += "{\(label)=\"\(escapedLabel(value))\"}"
      }
      text += " \(number(sample.value))\n"
    }
  }

  private static func number(_ value: Metric.Value) -> String {
    switch value {
    case .whole(let count): String(count)
    case .fraction(let value) where value.isNaN: "NaN"
    case .fraction(let value) where value.isInfinite: value < 0 ? "-Inf" : "+Inf"
    case .fraction(let value): "\(value)"
    }
  }

  private static func escapedHelp(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }

  private static func escapedLabel(_ text: String) -> String {
    escapedHelp(text).replacing("\"", with: "\\\"")
  }
}
