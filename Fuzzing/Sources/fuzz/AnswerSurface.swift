import LogPipeline

/// Answers of a server to a bulk request: the quick scan and the general reader see the same.
struct AnswerSurface: Surface {
  func run(_ input: [UInt8]) {
    let answer = BulkAnswer.parse(input)
    guard let count = BulkAnswer.scanAllCreated(input) else { return }
    require(answer?.count == count, "the quick scan counts as the general reader")
    guard case .items(let items) = BulkAnswer.parseTree(input) else { return }
    require(
      items.count == count && items.allSatisfy { $0.error == nil }, "the quick scan sees no error")
  }
}
