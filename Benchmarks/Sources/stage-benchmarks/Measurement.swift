import LogPipeline

/// How long one event takes in one stage: a warm-up, then rounds, of which the median stands for the stage.
struct Measurement {
  static let rounds = 9
  /// Long enough that the clock and a stray interrupt do not matter.
  static let roundAtLeast: Duration = .milliseconds(50)

  let name: String
  /// CPU nanoseconds of one event, one figure a round, in rising order.
  let cpuNanoseconds: [Double]
  /// Wall-clock nanoseconds of one event: more than the CPU's when the machine had other work.
  let wallNanoseconds: [Double]

  /// - Parameters:
  ///   - name: of the stage.
  ///   - eventsPerCall: how many events one call of `body` handles.
  ///   - less: a part of the work that does not count: done once more after each round, and taken off.
  ///   - body: the work; what it returns is kept, so that the optimizer can not drop it.
  init(
    _ name: String, eventsPerCall: Int, less: () throws -> Int = { 0 }, _ body: () throws -> Int
  ) rethrows {
    self.name = name
    let clock = SystemClock()
    var kept = 0
    var calls = 1
    // The warm-up also finds how many calls make a round.
    while true {
      let start = clock.now()
      for _ in 0..<calls { kept &+= try body() }
      if clock.now().since(start) >= Self.roundAtLeast { break }
      calls *= 2
    }
    var (cpu, wall): ([Double], [Double]) = ([], [])
    for _ in 0..<Self.rounds {
      let (startCpu, start) = (Environment.cpuSeconds, clock.now())
      for _ in 0..<calls { kept &+= try body() }
      let (endCpu, end) = (Environment.cpuSeconds, clock.now())
      for _ in 0..<calls { kept &+= try less() }
      let (lessCpu, lessTime) = (Environment.cpuSeconds - endCpu, clock.now().since(end))
      let events = Double(calls * eventsPerCall)
      wall.append((end.since(start) - lessTime).inSeconds * 1e9 / events)
      cpu.append((endCpu - startCpu - lessCpu) * 1e9 / events)
    }
    cpuNanoseconds = cpu.sorted()
    wallNanoseconds = wall.sorted()
    // The optimizer must believe that the results are wanted.
    Log.debug("measured", ("result", "\(kept)"))
  }

  static let header = row("stage", ["ns/event", "min", "max", "wall"])

  var line: String {
    let figures = [median(cpuNanoseconds), cpuNanoseconds.first, cpuNanoseconds.last]
    return Self.row(
      name, (figures + [median(wallNanoseconds)]).map { String(Int(($0 ?? 0).rounded())) })
  }

  private func median(_ sorted: [Double]) -> Double? {
    sorted.isEmpty ? nil : sorted[sorted.count / 2]
  }

  private static func row(_ name: String, _ figures: [String]) -> String {
    name + String(repeating: " ", count: max(1, 40 - name.count))
      + figures.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined() + "\n"
  }
}
