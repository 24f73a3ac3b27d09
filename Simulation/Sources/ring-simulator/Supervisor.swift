import LogPipeline
import RingSimulation

/// Runs seeds in processes of their own, side by side: one that dies of a broken invariant is a finding, not an end.
struct Supervisor {
  private static let program = "/proc/self/exe"
  private static let explainedMax = 5
  private let options: SimulatorOptions

  init(_ options: SimulatorOptions) { self.options = options }

  /// True when every history held.
  func run() throws -> Bool {
    let clock = SystemClock()
    let began = clock.now()
    var sets = [options.seeds]
    if options.randomCount > 0 {
      let first = UInt64.random(in: 1 << 32...1 << 62)
      StandardStreams.write("random: --seeds \(first)..\(first + options.randomCount)\n")
      sets.append(first..<first + options.randomCount)
    }
    let share = SeedShare(
      sets.filter { !$0.isEmpty },
      until: options.seconds.map { began + .seconds($0) } ?? .distantFuture,
      failuresMax: options.failuresMax)
    let threads = try (0..<options.jobs).map { number in
      try PosixThread("seeds \(number)") {
        while let seeds = share.next() { work(seeds, share) }
      }
    }
    for thread in threads { thread.join() }
    let result = share.result
    let seconds = max(clock.now().since(began).inSeconds, 0.001)
    tell(result.counts)
    StandardStreams.write(
      "\(result.seedsRun) seeds in \(Int(seconds)) s, \(Int(Double(result.seedsRun) / seconds)) a second with \(options.jobs) jobs, \(result.failed.count) failed\n"
    )
    let failed = result.failed.sorted()
    if !failed.isEmpty {
      StandardStreams.write("failed: \(failed.map { "\($0)" }.joined(separator: " "))\n")
    }
    for seed in failed.prefix(Self.explainedMax) { explain(seed) }
    return result.failed.isEmpty
  }

  private func tell(_ counts: FaultCounts) {
    for kind in FaultKind.allCases {
      let number = "\(counts[kind])"
      let padding = String(repeating: " ", count: max(1, 14 - number.utf8.count))
      StandardStreams.write("\(padding)\(number) \(kind)\n")
    }
  }

  private func work(_ seeds: Range<UInt64>, _ share: SeedShare) {
    let range = "\(seeds.lowerBound)..\(seeds.upperBound)"
    let worker = ["--worker", "--seeds", range] + (options.isShort ? ["--short"] : [])
    let output = child(worker)
    var counts = FaultCounts()
    if output.isAlive {
      tellFailures(of: output)
      counts = FaultCounts(output.lines.last ?? "")
      share.add(
        counts, seeds: output.numbers(after: "ran").last ?? 0,
        failed: output.numbers(after: "failed"))
      return
    }
    // It died: once more, and see at which seed. What lies behind that one is run on its own.
    let told = child(worker + ["--tell"])
    tellFailures(of: told)
    let begun = told.numbers(after: "seed")
    let deadly = begun.last ?? seeds.lowerBound
    StandardStreams.write("failed \(deadly): the process died\n")
    share.add(
      counts, seeds: UInt64(max(begun.count, 1)),
      failed: told.numbers(after: "failed") + [deadly])
    if deadly + 1 < seeds.upperBound, share.result.failed.count < options.failuresMax {
      work(deadly + 1..<seeds.upperBound, share)
    }
  }

  /// At once; they are explained at the end.
  private func tellFailures(of output: ChildOutput) {
    for line in output.lines where line.hasPrefix("failed ") { StandardStreams.write("\(line)\n") }
  }

  /// Seed, what was promised and found, the shortest history, the command.
  private func explain(_ seed: UInt64) {
    let shrunk = child(["--worker", "--shrink", "--replay", "\(seed)"])
    let history =
      shrunk.lines.last { $0.hasPrefix("history ") }.map { String($0.dropFirst(8)) }
      ?? shortestByChildren(seed)
    let replay = ["--replay", "\(seed)", "--history", history]
    let story = child(replay)
    StandardStreams.write("\nseed \(seed) fails. The shortest history found:\n")
    StandardStreams.write(story.lines.map { "\($0)\n" }.joined())
    if let death = Self.death(of: story) {
      StandardStreams.write("promised: no invariant breaks; found: \(death)\n")
    }
    StandardStreams.write("replay: make simulate REPLAY='\(replay.joined(separator: " "))'\n")
  }

  /// Each attempt in a process of its own, because some of them die.
  private func shortestByChildren(_ seed: UInt64) -> String {
    let plan = SimulationPlan(seed: seed)
    let steps = plan.steps
    let failure: (SimulationPlan) -> SimulationFailure? = { shorter in
      let kept = SimulatorOptions.text(of: Self.indices(of: shorter.steps, in: steps))
      if kept.isEmpty { return nil }
      let output = child(["--worker", "--replay", "\(seed)", "--history", kept])
      if let death = Self.death(of: output) {
        return SimulationFailure(step: shorter.steps.count - 1, found: death)
      }
      return output.lines.last.flatMap { SimulationFailure(told: $0) }
    }
    guard let first = failure(plan) else { return SimulatorOptions.text(of: Array(steps.indices)) }
    let shrinker = HistoryShrinker(attemptsMax: 3000, failure: failure)
    return SimulatorOptions.text(of: shrinker.shortest(plan, first).kept)
  }

  /// nil: it lived.
  private static func death(of output: ChildOutput) -> String? {
    if output.isAlive { return nil }
    let said = output.errors.split(separator: "\n").last { $0.contains("Fatal error") }
    return said.map { "the process died: \($0)" } ?? "the process died without a word"
  }

  private static func indices(of kept: [SimulationStep], in steps: [SimulationStep]) -> [Int] {
    var indices: [Int] = []
    for step in kept {
      let after = indices.last.map { $0 + 1 } ?? 0
      if let index = steps[after...].firstIndex(where: { $0.entropy == step.entropy }) {
        indices.append(index)
      }
    }
    return indices
  }

  private func child(_ arguments: [String]) -> ChildOutput {
    var environment = ["SWIFT_BACKTRACE": "enable=no"]
    for name in ["PATH", "LD_LIBRARY_PATH"] {
      if let value = Environment.value(of: name) { environment[name] = value }
    }
    do throws(SystemError) {
      let process = try ChildProcess(Self.program, arguments, environment: environment)
      let ending = process.wait(until: .distantFuture)
      return ChildOutput(process.outputText, process.errorText, ending)
    } catch {
      return ChildOutput("", "\(error)\n", nil)
    }
  }
}
