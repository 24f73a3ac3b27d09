import LogPipeline
import Synchronization
import Testing

/// Goal: each way of rotating a file, seen alone: nothing is lost, nothing comes under two ids, and what is known is not
/// read again.
@Suite struct FollowReaderTests {
  @Test func `lines are taken as they come, an unfinished one when its end has come`() throws {
    let bench = try FollowBench()
    try bench.append("app.log", 0..<3)
    bench.step()
    try bench.append("app.log", String(FollowBench.line(3).dropLast(20)))
    bench.step()
    bench.settle()
    #expect(bench.numbers == [0, 1, 2])
    try bench.append("app.log", String(FollowBench.line(3).suffix(20)) + FollowBench.line(4))
    bench.read()
    bench.settle()
    #expect(bench.numbers == [0, 1, 2, 3, 4] && bench.conflicts == 0)
    #expect(bench.reader.snapshot.behindBytes == 0)
  }

  @Test func `a renamed file is read to its end beside the new one`() throws {
    let bench = try FollowBench(["app.log"])
    try bench.append("app.log", 0..<5)
    bench.step()
    try bench.rename("app.log", "old-name")
    try bench.append("app.log", 5..<8)
    // Its writer has not noticed yet.
    try bench.append("old-name", 8..<10)
    bench.step()
    try bench.append("old-name", 10..<11)
    try bench.append("old-name", "{\"request_id\":\"n11\"}")
    bench.finish()
    #expect(Set(bench.numbers) == Set(0..<12) && bench.numbers.count == 12)
    #expect(bench.conflicts == 0)
    let snapshot = bench.reader.snapshot
    #expect(snapshot.counters.rotations == 1 && snapshot.filesOpen == 1)
  }

  @Test func `a deleted file is read to its end, and let go after its silence`() throws {
    let bench = try FollowBench()
    try bench.append("app.log", 0..<5)
    bench.step()
    try bench.append("app.log", 5..<9)
    try bench.remove("app.log")
    try bench.append("app.log", 9..<12)
    bench.finish()
    #expect(bench.numbers == Array(0..<12) && bench.conflicts == 0)
    #expect(bench.reader.snapshot.filesOpen == 1)
  }

  @Test func `a copy made by copytruncate is known, and brings what was not read before`() throws {
    let bench = try FollowBench()
    try bench.append("app.log", 0..<20)
    bench.step()
    bench.settle()
    try bench.append("app.log", 20..<25)
    try bench.copy("app.log", "app.log.1")
    try bench.truncate("app.log")
    try bench.append("app.log", 25..<30)
    bench.finish()
    #expect(bench.numbers == Array(0..<30) && bench.conflicts == 0)
    let counters = bench.reader.snapshot.counters
    #expect(counters.truncations == 1 && counters.recognised == 1)
  }

  @Test func `a file that grew past its old place after a truncation is another content`() throws {
    let bench = try FollowBench(["app.log"])
    try bench.append("app.log", 0..<10)
    bench.step()
    try bench.truncate("app.log")
    try bench.append("app.log", 100..<140)
    bench.step()
    bench.settle()
    #expect(bench.numbers == Array(0..<10) + Array(100..<140))
    // The same size, other content.
    try bench.truncate("app.log")
    try bench.append("app.log", 200..<240)
    bench.step()
    bench.settle()
    #expect(bench.numbers.count == 90 && bench.reader.snapshot.counters.truncations == 2)
  }

  @Test func `zeros that a writer leaves behind after a truncation are no content`() throws {
    let bench = try FollowBench(["app.log"])
    try bench.append("app.log", 0..<10)
    bench.step()
    let end = try FileSystem.status(of: bench.path("app.log")).sizeBytes
    try bench.truncate("app.log")
    let file = try FileDescriptor(opening: bench.path("app.log"), .readWrite)
    let line = Array(FollowBench.line(10).utf8)
    try unsafe line.withUnsafeBytes { try unsafe file.write($0, at: end) }
    bench.step()
    bench.settle()
    #expect(bench.numbers == Array(0..<11) && bench.reader.snapshot.input.refused == 0)
  }

  @Test func `gzip of a rotated file is known, and read on from where it was left`() throws {
    let bench = try FollowBench()
    try bench.append("app.log", 0..<2000)
    bench.step()
    bench.settle()
    try bench.append("app.log", 2000..<2010)
    try bench.rename("app.log", "app.log.1")
    try bench.compress("app.log.1")
    try bench.append("app.log", 2010..<2020)
    bench.finish()
    #expect(bench.numbers == Array(0..<2020) && bench.conflicts == 0)
    #expect(bench.reader.snapshot.counters.recognised == 1)
    // After a restart it is done, without being read again.
    try bench.kill()
    bench.finish()
    #expect(bench.numbers.count == 2020 && bench.conflicts == 0)
  }

  @Test func `gzip that is still being written waits, also when nobody knows its content`() throws {
    let bench = try FollowBench()
    let packed = FilesSupport.gzip(Array((0..<500).map(FollowBench.line).joined().utf8))
    let file = try FileDescriptor(opening: bench.path("app.log.9.gz"), .write, create: true)
    try file.write(Array(packed[..<(packed.count / 2)]))
    bench.step()
    bench.clock.move(.seconds(2))
    bench.step()
    try file.write(Array(packed[(packed.count / 2)...]))
    bench.finish()
    #expect(bench.numbers == Array(0..<500))
  }

  @Test func `only what is on disk in the ring is kept: the rest comes again under the same ids`()
    throws
  {
    let bench = try FollowBench()
    let same = #"{"model":"gpt-4.1","request_id":"n7"}"# + "\n"
    // Without a time, and equal: told apart by their lines.
    try bench.append("app.log", String(repeating: same, count: 3000))
    bench.step()
    bench.settle()
    bench.reader.save()
    try bench.append("app.log", String(repeating: same, count: 500))
    bench.step()
    // Delivered, but not yet saved when it was killed.
    bench.settle()
    let before = bench.stored
    try bench.kill()
    bench.step()
    bench.settle()
    #expect(bench.stored == before && bench.stored.count == 3500 && bench.conflicts == 500)
  }

  @Test func `a full ring stops the reading, and no position passes what is not durable`() throws {
    let bench = try FollowBench()
    try bench.append("app.log", 0..<20_000)
    bench.sink.state.withLock { $0.room = 2 }
    bench.step()
    let snapshot = bench.reader.snapshot
    #expect(snapshot.behindBytes > 0 && snapshot.input.inHand == snapshot.input.offered)
    bench.settle()
    bench.reader.save()
    try bench.kill()
    bench.finish()
    #expect(Set(bench.numbers) == Set(0..<20_000) && bench.numbers.count == 20_000)
  }

  @Test func `start at the end passes over what is there at the first look alone`() throws {
    let bench = try FollowBench { $0.startsAtEnd = true }
    try bench.append("app.log", 0..<10)
    try bench.append("app.log", String(FollowBench.line(10).dropLast(5)))
    bench.step()
    try bench.append("app.log", String(FollowBench.line(10).suffix(5)))
    try bench.append("app.log.new", 20..<25)
    bench.step()
    bench.settle()
    #expect(bench.numbers == [10] + Array(20..<25))
    // Also a file that came while nobody looked is new.
    bench.reader.save()
    try bench.append("app.log.later", 30..<33)
    try bench.kill()
    bench.finish()
    #expect(bench.numbers == [10] + Array(20..<25) + Array(30..<33))
  }

  @Test func `links are followed, folders may come later, and what is no file is left alone`()
    throws
  {
    let bench = try FollowBench(["pods/*/x.log"])
    bench.step()
    try FileSystem.makeDirectories(bench.path("pods/a"))
    try FileSystem.makeDirectories(bench.path("real"))
    try FileSystem.makeDirectories(bench.path("pods/b/x.log"))
    try bench.append("real/0.log", 0..<4)
    let link = try ChildProcess(
      "/bin/ln", ["-s", bench.path("real/0.log"), bench.path("pods/a/x.log")])
    #expect(link.wait(until: SystemClock().now() + .seconds(10)) == .exited(0))
    bench.step()
    try bench.rename("real/0.log", "real/0.log.20261127")
    try bench.append("real/0.log", 4..<6)
    bench.finish()
    #expect(bench.numbers == Array(0..<6))
  }

  @Test func `more files than may be open are read in turn`() throws {
    let bench = try FollowBench { $0.filesMax = 3 }
    for file in 0..<10 { try bench.append("app.log.x\(file)", (file * 10)..<(file * 10 + 5)) }
    for _ in 0..<12 {
      bench.step()
      bench.settle()
      bench.clock.move(.seconds(1))
    }
    try bench.append("app.log.x4", 45..<48)
    bench.step()
    bench.settle()
    #expect(bench.numbers.count == 53 && bench.conflicts == 0)
    #expect(bench.reader.snapshot.filesOpen <= 3)
  }

  @Test func `a line over the limit is refused with its place and costs no neighbour`() throws {
    let bench = try FollowBench { $0.lineBytesMax = 2 << 20 }
    try bench.append("app.log", 0..<2)
    bench.step()
    for _ in 0..<5 {
      try bench.append("app.log", String(repeating: "x", count: 1 << 20))
      bench.read()
    }
    try bench.append("app.log", "\n" + FollowBench.line(2) + "no json\n" + FollowBench.line(3))
    bench.read()
    bench.settle()
    #expect(bench.numbers == [0, 1, 2, 3])
    #expect(bench.reader.snapshot.input.refused == 2 && bench.reader.snapshot.behindBytes == 0)
  }

  @Test func `positions that can not be read lose nothing, and nothing own is followed`() throws {
    let bench = try FollowBench(["app.log*", "../state/*"]) { $0.startsAtEnd = true }
    bench.step()
    try bench.append("app.log", 0..<5)
    bench.step()
    bench.settle()
    bench.reader.save()
    try bench.folder.write("state/follow/positions.json", "{")
    try bench.folder.write("state/refused.ndjson", FollowBench.line(99))
    try bench.append("app.log", 5..<7)
    try bench.kill()
    bench.finish()
    #expect(bench.numbers == Array(0..<7))
  }
}
