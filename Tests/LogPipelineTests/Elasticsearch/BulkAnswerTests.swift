import LogPipeline
import Testing

/// Goal: the fast scanner never says more than the JSON parser would. Method: many answers, good and damaged.
@Suite struct BulkAnswerTests {
  private func answer(_ count: Int, status: Int = 201) -> [UInt8] {
    let items = [String](repeating: "{\"create\":{\"status\":\(status)}}", count: count)
    return Array("{\"errors\":false,\"items\":[\(items.joined(separator: ","))]}".utf8)
  }

  @Test func `good answers of any length are counted without a tree`() {
    for count in [1, 2, 3, 100, 10_000] {
      #expect(BulkAnswer.scanAllCreated(answer(count)) == count)
      #expect(BulkAnswer.scanAllCreated(answer(count, status: 200)) == count)
    }
    #expect(BulkAnswer.scanAllCreated(answer(3, status: 409)) == nil)
    #expect(BulkAnswer.scanAllCreated(answer(0)) == nil)
  }

  @Test func `scanner and parser agree on every damaged byte`() {
    let good = answer(4)
    var random = SeededRandom(seed: 7)
    for at in good.indices {
      for byte in [UInt8.random(in: 0...255, using: &random), UInt8(ascii: " "), UInt8(ascii: "9")]
      {
        var damaged = good
        damaged[at] = byte
        guard let count = BulkAnswer.scanAllCreated(damaged) else { continue }
        // What the scanner takes, the parser must take, with the same good items.
        guard case .items(let items) = BulkAnswer.parseTree(damaged) else {
          Issue.record("byte \(at) = \(byte)")
          continue
        }
        #expect(items.count == count)
        #expect(items.allSatisfy { $0.error == nil && ($0.status == 200 || $0.status == 201) })
      }
      #expect(BulkAnswer.scanAllCreated(Array(good[..<at])) == nil)
    }
    #expect(BulkAnswer.scanAllCreated(good + [0x20]) == nil)
  }

  @Test func `other orders, spaces and unfiltered fields are read by the parser`() {
    let texts = [
      #"{"took":3, "errors":false, "items":[{"create":{"_index":"i","status":201}}]}"#,
      #"{"items":[{"index":{"status":201,"_id":"a"}}],"errors":false}"#,
    ]
    for text in texts {
      #expect(
        BulkAnswer.parse(Array(text.utf8)) == .items([BulkAnswer.Item(status: 201, error: nil)]))
    }
  }

  @Test func `an error that is a text is kept as its reason`() {
    let answer = HttpAnswer(
      status: 406, body: Array(#"{"error":"Content-Type header [] is not supported"}"#.utf8))
    #expect(
      BulkAnswer.wholeError(answer)
        == ItemError(
          status: 406, type: "no error type", reason: "Content-Type header [] is not supported"))
  }
}
