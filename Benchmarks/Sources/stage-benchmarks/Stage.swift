/// A named piece of work to measure.
struct Stage {
  let name: String
  let measure: () throws -> Measurement

  /// - Parameters:
  ///   - name: what the table shows.
  ///   - eventsPerCall: how many events one call of the work handles.
  ///   - prepare: makes the work, outside the measurement; the work returns anything that depends on what it did.
  init(_ name: String, eventsPerCall: Int, prepare: @escaping () throws -> () throws -> Int) {
    self.name = name
    measure = { try Measurement(name, eventsPerCall: eventsPerCall, try prepare()) }
  }

  /// The same of work of which a part does not count.
  init(
    _ name: String, eventsPerCall: Int,
    prepareWithLess: @escaping () throws -> (body: () throws -> Int, less: () throws -> Int)
  ) {
    self.name = name
    measure = {
      let (body, less) = try prepareWithLess()
      return try Measurement(name, eventsPerCall: eventsPerCall, less: less, body)
    }
  }
}
