import LogPipeline
import Testing

@Suite struct ReplayProgressTests {
  private func progress() -> ReplayProgress {
    var progress = ReplayProgress()
    (progress.fileNumber, progress.fileCount) = (2, 13)
    (progress.bytesRead, progress.bytesTotal, progress.bytesPassed) = (600, 1000, 200)
    (progress.events, progress.refused) = (1_234_567, 12)
    (progress.delivered, progress.duplicate) = (1_200_000, 34)
    return progress
  }
  private func time(_ seconds: Double) -> MonotonicTime {
    MonotonicTime(nanoseconds: 1_000_000_000) + .nanoseconds(Int64(seconds * 1e9))
  }

  @Test func `a terminal gets one line, redrawn at most five times a second, within its width`() {
    for columns in [80, 40, 200] {
      var text = ReplayProgressText(style: .redrawn(columns: columns), startedAt: time(0))
      #expect(text.update(progress(), at: time(10)) != nil)
      #expect(text.update(progress(), at: time(10.1)) == nil)
      let line = text.update(progress(), at: time(10.3)) ?? ""
      #expect(line.hasPrefix("\r") && line.hasSuffix("\u{1B}[K") && !line.contains("\n"))
      #expect(line.dropFirst().dropLast(3).count < columns)
      #expect(text.end(progress(), at: time(11)).hasSuffix("\n"))
    }
    var text = ReplayProgressText(style: .redrawn(columns: 80), startedAt: time(0))
    #expect(
      text.update(progress(), at: time(10))
        == "\rfile 2/13  60 %  1.23M events  123k/s  0:10 left  12 refused  1.20M done\u{1B}[K")
    var stopping = progress()
    stopping.isStopping = true
    #expect(
      text.update(stopping, at: time(11))
        == "\rfile 2/13  60 %  1.23M events  112k/s  stopping  12 refused  1.20M done\u{1B}[K")
  }

  @Test func `elsewhere a plain line comes every five seconds`() {
    var text = ReplayProgressText(style: .lines, startedAt: time(0))
    #expect(text.update(progress(), at: time(4.9)) == nil)
    #expect(
      text.update(progress(), at: time(10))
        == "replay: file 2 of 13, 60 %, 1234567 events, 123456 events/s, 0:10 left, 12 refused, "
        + "1200034 delivered\n")
    #expect(text.update(progress(), at: time(14)) == nil)
    #expect(text.update(progress(), at: time(15)) != nil)
    #expect(text.end(progress(), at: time(15)) == "")
  }

  @Test func `quiet says nothing`() {
    var text = ReplayProgressText(style: .quiet, startedAt: time(0))
    #expect(text.update(progress(), at: time(100)) == nil)
  }

  @Test func `nothing is divided by zero`() {
    let nothing = ReplayProgress()
    #expect(nothing.percent == 100)
    #expect(nothing.secondsLeft(.zero) == nil)
    #expect(nothing.eventsPerSecond(.zero) == 0)
  }

  @Test func `the exit code tells what remains`() {
    var report = ReplayReport()
    #expect(report.exitCode == 0)
    report.problems = [Backlog.Problem(name: "x", message: "no file matches x")]
    #expect(report.exitCode == 66)
    #expect(report.text.contains("no file matches x"))
    report.unsettled = 3
    #expect(report.exitCode == 75)
    #expect(report.json["unsettled"]?.integer == 3)
    #expect(report.text.contains("Not finished: 3 events"))
    (report.unsettled, report.wasStopped) = (0, true)
    #expect(report.text.contains("Stopped before the end; all that was read is delivered."))
    #expect(!report.text.contains("elasticsearch.hosts"))
    report.archivePath = "/a/archive"
    #expect(report.text.contains("(into files of /a/archive: elasticsearch.hosts is not set)"))
  }
}
