import LogPipeline
import Testing

/// Goal: whatever a writer does to its files, whenever the agent is killed, no line is lost and none has two ids.
/// Method: seeded histories over real files, one step at a time: lines (whole and torn), rename with shifted numbers,
/// copytruncate in its two steps, gzip, deletion of what was delivered, looks, reads, settlements, saves, kills; at the end
/// all that was written must be stored, each line under one id. The seed is printed when it is not so.
@Suite struct FollowHistoryTests {
  private struct World {
    let bench: FollowBench
    var random: SeededRandom
    var next = 0
    /// More than a history makes: none is overwritten before it was read.
    static let rotatedMax = 80

    mutating func write() throws {
      let count = 1 + random.below(60)
      try bench.append("app.log", next..<(next + count))
      next += count
    }

    /// A line in two writes, with reading in between.
    mutating func writeTorn() throws {
      let line = FollowBench.line(next)
      let cut = 1 + random.below(line.utf8.count - 1)
      try bench.append("app.log", String(line.prefix(cut)))
      if random.below(2) == 0 { bench.step() }
      try bench.append("app.log", String(line.dropFirst(cut)))
      next += 1
    }

    func shift() throws {
      for number in stride(from: Self.rotatedMax, to: 0, by: -1) {
        for ending in ["", ".gz"] where bench.exists("app.log.\(number)\(ending)") {
          try bench.rename("app.log.\(number)\(ending)", "app.log.\(number + 1)\(ending)")
        }
      }
    }

    mutating func rotate() throws {
      guard bench.exists("app.log") else { return }
      try shift()
      try bench.rename("app.log", "app.log.1")
      if random.below(3) > 0 { try write() }
    }

    mutating func copyAndTruncate() throws {
      guard bench.exists("app.log") else { return }
      try shift()
      try bench.copy("app.log", "app.log.1")
      if random.below(2) == 0 { bench.step() }
      try bench.truncate("app.log")
      if random.below(3) > 0 { try write() }
    }

    mutating func compress() throws {
      let number = 1 + random.below(3)
      if bench.exists("app.log.\(number)") { try bench.compress("app.log.\(number)") }
    }

    /// Only what is delivered may go: the rest would be lost by who deletes it.
    mutating func removeDelivered() throws {
      bench.step()
      bench.settle()
      for number in 3...Self.rotatedMax where Set(bench.numbers).isSuperset(of: 0..<next) {
        for ending in ["", ".gz"] where bench.exists("app.log.\(number)\(ending)") {
          try bench.remove("app.log.\(number)\(ending)")
        }
      }
      if Set(bench.numbers).isSuperset(of: 0..<next), random.below(2) == 0, bench.exists("app.log")
      {
        try bench.remove("app.log")
      }
    }

    mutating func step() throws {
      let kind = random.below(24)
      switch kind {
      case 0..<6: try write()
      case 6: try writeTorn()
      case 7, 8: try rotate()
      case 9, 10: try copyAndTruncate()
      case 11: try compress()
      case 12: try removeDelivered()
      case 13..<16: bench.step()
      case 16: bench.read()
      case 17, 18: bench.settle()
      case 19: bench.reader.save()
      case 20: bench.clock.move(.milliseconds(Int64(random.below(3000))))
      case 21: bench.clock.move(.seconds(11))
      case 22: try bench.kill()
      default:
        bench.step()
        bench.settle()
        bench.reader.save()
      }
    }
  }

  @Test(arguments: Array(1...16) + [47])
  func `a random history of writing, rotating and kills loses nothing and doubles nothing`(
    _ seed: UInt64
  ) throws {
    var world = World(bench: try FollowBench(), random: SeededRandom(seed: seed &* 7919))
    for _ in 0..<150 { try world.step() }
    if seed % 2 == 0 { try world.bench.kill() }
    world.bench.finish()
    let numbers = world.bench.numbers
    let missing = Set(0..<world.next).subtracting(numbers)
    #expect(missing.isEmpty, "seed \(seed): lost \(missing.sorted().prefix(5))")
    #expect(numbers.count == Set(numbers).count, "seed \(seed): a line has two ids")
    #expect(world.bench.reader.snapshot.input.refused == 0, "seed \(seed): torn lines")
    let input = world.bench.reader.snapshot.input
    #expect(input.offered == input.accepted + input.refused, "seed \(seed): sums")
  }
}
