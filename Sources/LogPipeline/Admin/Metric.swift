/// One figure of the agent, or one per value of a label: shown by `/metrics` and by `/v1/status` from the same place.
package struct Metric: Equatable, Sendable {
  package enum Kind: String, Sendable {
    /// Only grows while the agent runs.
    case counter
    case gauge
  }

  package enum Value: Equatable, Sendable {
    case whole(UInt64)
    case fraction(Double)
  }

  package struct Sample: Equatable, Sendable {
    /// nil: the metric has no label.
    package let labelValue: String?
    package let value: Value
  }

  /// More values of a label than these would make each scrape and each stored series grow without bound.
  package static let samplesMax = 64
  /// Longer label values are cut.
  package static let labelValueBytesMax = 128

  package let kind: Kind
  /// In snake case, with a base unit (`_bytes`, `_seconds`) at its end where it has one; a counter's `_total` included.
  package let name: String
  /// One sentence.
  package let help: String
  package let labelName: String?
  package let samples: [Sample]

  private init(
    _ kind: Kind, _ name: String, _ help: String, labelName: String?, samples: [Sample]
  ) {
    self.kind = kind
    self.name = kind == .counter && !name.hasSuffix("_total") ? name + "_total" : name
    self.help = help
    self.labelName = labelName
    self.samples = samples
  }

  package static func counter(_ name: String, _ help: String, _ value: UInt64) -> Metric {
    Metric(
      .counter, name, help, labelName: nil,
      samples: [Sample(labelValue: nil, value: .whole(value))])
  }

  package static func counter(_ name: String, _ help: String, _ value: Double) -> Metric {
    Metric(
      .counter, name, help, labelName: nil,
      samples: [Sample(labelValue: nil, value: .fraction(value))])
  }

  package static func gauge(_ name: String, _ help: String, _ value: UInt64) -> Metric {
    Metric(
      .gauge, name, help, labelName: nil,
      samples: [Sample(labelValue: nil, value: .whole(value))])
  }

  package static func gauge(_ name: String, _ help: String, _ value: Double) -> Metric {
    Metric(
      .gauge, name, help, labelName: nil,
      samples: [Sample(labelValue: nil, value: .fraction(value))])
  }

  /// One count per value of a label; values past ``samplesMax`` are summed up as "other".
  package static func counter(
    _ name: String, _ help: String, by labelName: String, _ counts: [(String, UInt64)]
  ) -> Metric {
    var samples = counts.prefix(samplesMax - 1).map {
      Sample(labelValue: cut($0.0), value: .whole($0.1))
    }
    let rest = counts.dropFirst(samplesMax - 1)
    if rest.count == 1, let last = rest.first {
      samples.append(Sample(labelValue: cut(last.0), value: .whole(last.1)))
    } else if !rest.isEmpty {
      samples.append(
        Sample(labelValue: "other", value: .whole(rest.reduce(0) { $0 &+ $1.1 })))
    }
    return Metric(.counter, name, help, labelName: labelName, samples: samples)
  }

  /// One figure per value of a label; values past ``samplesMax`` are left out.
  package static func gauge(
    _ name: String, _ help: String, by labelName: String, _ values: [(String, Double)]
  ) -> Metric {
    Metric(
      .gauge, name, help, labelName: labelName,
      samples: values.prefix(samplesMax).map {
        Sample(labelValue: cut($0.0), value: .fraction($0.1))
      })
  }

  private static func cut(_ text: String) -> String {
    guard text.utf8.count > labelValueBytesMax else { return text }
    var kept = ""
    for character in text where kept.utf8.count + character.utf8.count <= labelValueBytesMax {
      kept.append(character)
    }
    return kept
  }
}
