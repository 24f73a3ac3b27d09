import LogPipeline
import Testing

@Suite struct MailboxTests {
  @Test func `what is put comes out in order, and a full mailbox refuses`() {
    let box = Mailbox<Int>(capacity: 2)
    #expect(box.offer(1))
    #expect(box.offer(2))
    #expect(!box.offer(3))
    #expect(box.take() == 1)
    #expect(box.offer(3))
    #expect(box.take() == 2)
    #expect(box.take() == 3)
    #expect(box.take(until: SystemClock().now() + .milliseconds(1)) == nil)
  }

  @Test func `a closed mailbox gives what it has, then nil`() {
    let box = Mailbox<Int>(capacity: 2)
    #expect(box.put(1))
    box.close()
    #expect(!box.put(2))
    #expect(box.take() == 1)
    #expect(box.take() == nil)
  }

  @Test func `a producer that found it full is told when there is room`() throws {
    let told = Mailbox<Int>(capacity: 8)
    let box = Mailbox<Int>(capacity: 1, onRoom: { told.force(1) })
    #expect(box.offer(1))
    #expect(!box.offer(2))
    let taker = try PosixThread("taker") { _ = box.take() }
    #expect(told.take(until: SystemClock().now() + .seconds(5)) == 1)
    taker.join()
  }
}
