/// What the calls of one team, model, day or arm came to.
package struct ReportRow: Equatable, Sendable {
  /// "-": events that name none.
  package var name: String
  package var calls: UInt64
  package var errors: UInt64
  package var tokens: UInt64
  /// A sum that the server makes of doubles: good to some 15 figures.
  package var costUsd: Double
  package var unpriced: UInt64
  /// nil: no call carried a latency.
  package var p50Ms: Double?
  package var p95Ms: Double?

  package var errorPercent: Double { calls == 0 ? 0 : Double(errors) / Double(calls) * 100 }
  /// Of the calls that have a price; nil: none has.
  package var costPerCallUsd: Double? {
    calls > unpriced ? costUsd / Double(calls - unpriced) : nil
  }

  /// Reads a bucket, or the whole answer's sums.
  init(_ bucket: JsonValue, name: String, calls: UInt64) {
    self.name = name
    self.calls = calls
    func whole(_ value: JsonValue?) -> UInt64 { UInt64(max(0, min(value?.double ?? 0, 9e15))) }
    errors = whole(bucket["errors"]?["doc_count"])
    tokens = whole(bucket["tokens"]?["value"])
    unpriced = whole(bucket["unpriced"]?["doc_count"])
    costUsd = bucket["cost"]?["value"]?.double ?? 0
    let values = bucket["latency"]?["values"]?.elements ?? []
    func percentile(_ key: Double) -> Double? {
      values.first { $0["key"]?.double == key }?["value"]?.double
    }
    (p50Ms, p95Ms) = (percentile(50), percentile(95))
  }
}
