import LogPipeline
import TestSupport
import Testing

/// Goal: whatever moment the agent is killed at, for hundreds of times on one folder, no event that was answered 200 and
/// no settled place of a replay is lost, nothing is stored twice, and both sums hold.
/// Method: the built program under TCP, webhook and replay load into a sink that fails on purpose, ended by kill -9 or
/// SIGTERM at moments that a seed decides, again while it recovers and while it stops. What the senders were told is
/// compared with what the sink holds after each start, and to the event at the end. `make crash ROUNDS=200`.
@Suite(.serialized) struct CrashRoundsEndToEndTests {
  @Test func `kill -9 at random moments, round after round, loses nothing and doubles nothing`()
    throws
  {
    let seed = number("SHEEPSHIPPER_TEST_CRASH_SEED") ?? UInt64.random(in: 1...999_999_999)
    let rounds = Int(
      number("SHEEPSHIPPER_TEST_CRASH_ROUNDS") ?? (CommandSupport.isLarge ? 20 : 3))
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "sheepshipper-crash-")
    let run = try CrashRun(folder: folder, seed: seed)
    let began = SystemClock().now()
    var round = 0
    do {
      while round < rounds {
        try run.round(round)
        round += 1
      }
      try run.finish()
    } catch {
      Issue.record(
        """
        \(error)
        seed \(seed), round \(round) of \(rounds), after \(run.summary).
        The folder is kept: \(folder). Again: make crash ROUNDS=\(rounds) SEED=\(seed)
        The last agent's log:
        \(run.agent?.log ?? "none")
        """)
      return
    }
    let seconds = Double(SystemClock().now().since(began).milliseconds) / 1000
    print("crash rounds: seed \(seed), \(rounds) rounds in \(seconds) s, \(run.summary)")
    TemporaryFolder.remove(folder)
  }

  private func number(_ variable: String) -> UInt64? {
    Environment.value(of: variable).flatMap { UInt64($0) }
  }
}
