package import LogPipeline

extension SeededRandom {
  /// From 0 to `limit` - 1; 0 when there is no such number.
  package mutating func below(_ limit: Int) -> Int {
    limit > 0 ? Int(next() % UInt64(limit)) : 0
  }
}
