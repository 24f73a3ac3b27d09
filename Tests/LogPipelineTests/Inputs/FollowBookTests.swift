import LogPipeline
import Testing

/// Goal: a place is kept when its block is durable and not before; names and records say what they should.
@Suite struct FollowBookTests {
  private func entry(_ inode: UInt64, name: String = "app.log") -> FollowEntry {
    FollowEntry(
      identity: FollowIdentity(device: 1, inode: inode), path: "/logs/\(name)", birthName: name)
  }

  private func mark(_ offset: UInt64) -> FollowMark {
    var mark = FollowMark()
    (mark.offsetBytes, mark.lines, mark.headBytes) = (offset, offset / 10, 10)
    return mark
  }

  @Test func `a place is kept once its ticket is durable`() {
    var book = FollowBook()
    let (first, second) = (book.add(entry(1)), book.add(entry(2)))
    book.note(first, mark(10), FollowPlace(), ticket: 1)
    book.note(second, mark(20), FollowPlace(), ticket: 1)
    book.note(first, mark(30), FollowPlace(), ticket: 1)
    book.note(first, mark(40), FollowPlace(), ticket: 2)
    #expect(book.entries[first]?.mark.offsetBytes == 0 && !book.isSettled(first))
    book.becameDurable(1)
    #expect(book.entries[first]?.mark.offsetBytes == 30)
    #expect(book.entries[second]?.mark.offsetBytes == 20 && book.isSettled(second))
    #expect(book.newest(first)?.mark.offsetBytes == 40)
    book.becameDurable(9)
    #expect(book.entries[first]?.mark.offsetBytes == 40)
  }

  @Test func `the end of a gzip file is kept with its last block`() {
    var book = FollowBook()
    let id = book.add(entry(1))
    book.note(id, mark(10), FollowPlace(), ticket: 3, packedBytes: 77)
    #expect(book.entries[id]?.packedBytes == 0)
    book.becameDurable(3)
    #expect(book.entries[id]?.packedBytes == 77)
  }

  @Test func `what is gone is forgotten after its time, the oldest first when there are too many`()
  {
    var book = FollowBook()
    let ids = (1...4).map { book.add(entry($0)) }
    for (index, id) in ids.enumerated() {
      book.note(id, mark(10), FollowPlace(), ticket: 1)
      book.becameDurable(1)
      if index > 0 { book.setGone(id, at: Int64(index) * 1000) }
    }
    book.forget(after: .seconds(60), countMax: 2, at: 4000)
    #expect(book.entries.keys.sorted() == [ids[0], ids[2], ids[3]])
    book.forget(after: .seconds(60), countMax: 2, at: 62_500)
    #expect(book.entries.keys.sorted() == [ids[0], ids[3]])
  }

  @Test func `a record comes back as it was, and a damaged one not at all`() throws {
    var book = FollowBook()
    var packed = entry(.max, name: "ä \"log\"")
    (packed.isPacked, packed.packedBytes, packed.generation) = (true, 9, .max)
    packed.mark = mark(70)
    packed.goneMilliseconds = 5
    _ = book.add(entry(1))
    _ = book.add(packed)
    book.noteKnown("/logs/*")
    let record = FollowRecord(book)
    let again = try #require(
      FollowRecord(json: try JsonValue.parse(Array(record.json.text.utf8))))
    #expect(again == record && again.book.knownPatterns == ["/logs/*"])
    let text = record.json.text
    for (old, new) in [
      ("\"version\":1", "\"version\":2"), ("\"offset\":\"70\"", "\"offset\":\"-7\""),
      ("\"base\":\"0\"", "\"base\":\"71\""), ("\"tail_bytes\":0", "\"tail_bytes\":257"),
    ] {
      let broken = text.replacing(old, with: new)
      #expect(broken != text)
      #expect(FollowRecord(json: try JsonValue.parse(Array(broken.utf8))) == nil)
    }
  }

  @Test(arguments: [
    ("app.log.1", true, true), ("app.log.1.gz", true, true), ("app.log-20261127", true, true),
    ("app-20261127.log", true, true), ("app.log.old", true, false), ("app-audit.log", true, false),
    ("app.log", false, false), ("app2.log", false, false), ("other.log.1", false, false),
  ])
  func `names of rotated files are known`(_ name: String, _ isRotated: Bool, _ isNumbered: Bool) {
    #expect(FollowNames.isRotated(name, of: "app.log") == isRotated)
    #expect(FollowNames.isNumbered(name, of: "app.log") == isNumbered)
  }
}
