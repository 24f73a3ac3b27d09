import LogPipeline
import Testing

@Suite struct BlockBuilderTests {
  @Test func `blocks fill to their limit, tickets ascend, and nothing is lost between them`() {
    let builder = BlockBuilder(intake: 3)
    #expect(builder.openTicket == 1)
    #expect(builder.lastTicketWithItems == 0)
    builder.seal()
    #expect(builder.sealed.isEmpty)
    var all: [UInt8] = []
    for index in 0..<400 {
      let length = index == 200 ? RawBlock.rawBytesMax + 1 : 2000
      let bytes = [UInt8](repeating: UInt8(index & 255), count: length)
      all += bytes
      unsafe bytes.withUnsafeBytes {
        unsafe builder.append(
          actionAndDocument: $0,
          item: BlockItem(
            fingerprint: UInt64(index), rawLengthBytes: UInt32(length), day: 20_000))
      }
      #expect(builder.lastTicketWithItems == builder.openTicket)
    }
    builder.seal(sourceOffsetBytes: 77)
    #expect(builder.openItemCount == 0)
    #expect(builder.lastTicketWithItems == builder.openTicket - 1)
    #expect(builder.sealed.flatMap(\.bytes) == all)
    #expect(builder.sealed.map(\.ticket) == Array(1...UInt64(builder.sealed.count)))
    #expect(builder.sealed.flatMap { $0.items.map(\.fingerprint) } == (0..<400).map(UInt64.init))
    for block in builder.sealed {
      #expect(block.intake == 3)
      #expect(block.bytes.count <= RawBlock.rawBytesMax || block.items.count == 1)
      #expect(block.items.reduce(0) { $0 + Int($1.rawLengthBytes) } == block.bytes.count)
    }
    #expect(builder.sealed.last?.sourceOffsetBytes == 77)
  }

  @Test func `memory that was given back is filled again, unless somebody still reads it`() {
    let buffers = BlockBuffers()
    let builder = BlockBuilder(intake: 0, buffers: buffers)
    func block(_ byte: UInt8) -> RawBlock {
      let bytes = [UInt8](repeating: byte, count: 100_000)
      unsafe bytes.withUnsafeBytes {
        unsafe builder.append(
          actionAndDocument: $0,
          item: BlockItem(fingerprint: 1, rawLengthBytes: 100_000, day: 20_000))
      }
      builder.seal()
      return builder.sealed.removeLast()
    }
    func place(_ block: borrowing RawBlock) -> UInt {
      unsafe block.bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    }
    func givenBack(_ byte: UInt8) -> UInt {
      let made = block(byte)
      buffers.give(made.bytes)
      return place(made)
    }
    // The first one grows step by step; those after it have their room at once.
    _ = block(0)
    let first = givenBack(1)
    let second = block(2)
    #expect(place(second) == first, "the memory of the first is used again")
    #expect(second.bytes == [UInt8](repeating: 2, count: 100_000))
    buffers.give(second.bytes)
    let third = block(3)
    #expect(place(third) != first, "the second is still held, and stays as it is")
    #expect(second.bytes == [UInt8](repeating: 2, count: 100_000))
    #expect(third.bytes == [UInt8](repeating: 3, count: 100_000))
  }
}
