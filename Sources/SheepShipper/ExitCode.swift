/// How the program ends; the numbers are those of sysexits.h.
enum ExitCode: Int32, CaseIterable {
  /// A clean stop; of `pipe`: everything was delivered or dead-lettered.
  case success = 0
  /// Of `doctor`: a check failed, or the crash test's promise does not hold. Of `setup`: not all is in place. Of `verify`: the index lacks what was
  /// delivered. Of `prices diff`: the tables differ.
  case promiseBroken = 1
  /// The arguments were wrong.
  case usage = 64
  /// Of `ring`: damage was found. Of `prices`: the file is no price table. Of `explain`: an event would be refused.
  /// Of `audit hash`: a line is no JSON, or says another hash.
  case damaged = 65
  /// Of `ring`: none is there, or it can not be opened. Of `dead-letters`: none such is there. Of `prices`: no such model,
  /// or the file can not be read. Of `explain` and `audit`: the file can not be read. Of `verify`: nothing is recorded for
  /// that day. Of `replay`: a file is missing, unreadable or not whole; the
  /// others were replayed. Of `pipe`: standard input could not be read to its end; what came before is delivered.
  case noInput = 66
  /// Of `setup`: no server answered, or none of use. Of `dead-letters retry`: no agent runs that could be asked. Of `verify`: the
  /// index can not be read whole.
  case unavailable = 69
  /// Something failed that is not the caller's doing.
  case `internal` = 70
  /// `pipe` ended and events remain in its ring; of `dead-letters retry`: some stay open.
  case eventsRemain = 75
  /// Of `setup`: the user lacks a privilege. Of commands that ask the agent: it answers its own user and root alone.
  case notAllowed = 77
  /// The configuration is wrong.
  case configuration = 78

  /// For the help and the manual, by number.
  static let meanings: [(code: ExitCode, meaning: String)] = [
    (.success, "done"),
    (
      .promiseBroken,
      "doctor found something wrong, verify a promise broken, setup something not in place, prices diff a difference"
    ),
    (.usage, "wrong arguments"),
    (.damaged, "the ring is damaged, a file is no price table, explain found an event refused"),
    (.noInput, "a file is missing or could not be read whole, or nothing fits what was asked for"),
    (.unavailable, "the agent, the index or the server does not answer"),
    (.internal, "internal failure"),
    (.eventsRemain, "events remain undelivered"),
    (.notAllowed, "setup was not allowed, or the agent runs as another user"),
    (.configuration, "wrong configuration"),
  ]
}
