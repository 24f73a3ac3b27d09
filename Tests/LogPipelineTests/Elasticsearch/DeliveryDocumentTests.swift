import LogPipeline
import Testing

/// Goal: the table of docs/delivery.md is what the code does. Method: read each answer in its first column, have it
/// judged, and compare with the word in bold in the second.
@Suite struct DeliveryDocumentTests {
  private struct Row {
    let answers: [String]
    /// nil: a row in prose.
    let word: String?
  }

  private func rows() throws -> [Row] {
    let text = try Repository.text("docs/delivery.md")
    let lines = text.split(separator: "\n").drop { $0 != "## The table" }
    return lines.dropFirst().prefix { !$0.hasPrefix("## ") }.filter { $0.hasPrefix("| ") }
      .dropFirst(2)
      .map { line in
        let cells = line.split(separator: "|").map { String($0) }
        let code = cells[0].split(separator: "`", omittingEmptySubsequences: false).enumerated()
        let bold = cells[1].split(separator: "*", omittingEmptySubsequences: true)
        return Row(
          answers: code.filter { $0.offset % 2 == 1 }.map { String($0.element) },
          word: cells[1].contains("**") ? bold.dropFirst().first.map(String.init) : nil)
      }
  }

  /// What the code says, in the table's words.
  private func word(of answer: String) throws -> String {
    var words = answer.split(separator: " ").map(String.init)
    switch words.removeFirst() {
    case "item":
      let status = try #require(Int(words.removeFirst()))
      let type = words.isEmpty ? "" : words.removeFirst()
      let error = ItemError(status: status, type: type, reason: words.joined(separator: " "))
      return word(of: Judge.judge(item: BulkAnswer.Item(status: status, error: error)))
    case "whole":
      return word(of: judge(try #require(Int(words[0])), body: ""))
    case "unreadable": return word(of: judge(200, body: "<html>"))
    case "too":
      let items = words[0] == "few" ? 1 : 3
      let item = #"{"create":{"status":201}}"#
      let list = [String](repeating: item, count: items).joined(separator: ",")
      return word(of: judge(200, body: #"{"errors":false,"items":[\#(list)]}"#))
    case "no":
      let kind = try #require(TransportFailure.Kind(rawValue: words[1]), "\(words)")
      return word(of: Judge.judge(TransportFailure(kind: kind, detail: "", mayBeStored: true)))
    default:
      Issue.record("\(answer) is no answer that this test knows")
      return ""
    }
  }

  private func judge(_ status: Int, body: String) -> Verdict {
    Judge.judge(
      .success(HttpAnswer(status: status, body: Array(body.utf8))), itemsSent: 2,
      wallMilliseconds: 0)
  }

  private func word(of verdict: Verdict) -> String {
    switch verdict {
    case .allDelivered: "delivered"
    case .items: "items"
    case .again: "again"
    case .bisect: "bisect"
    case .tooLarge: "split"
    case .pause: "pause"
    case .aborted: "aborted"
    }
  }

  private func word(of verdict: ItemVerdict) -> String {
    switch verdict {
    case .delivered: "delivered"
    case .conflict: "duplicate"
    case .retry: "again"
    case .dead: "dead letter"
    case .park(let error): Judge.isOfIndex(error) ? "park the index" : "keep"
    case .isolate: "bisect"
    }
  }

  @Test func `each answer of the table is judged as it says`() throws {
    let rows = try rows()
    #expect(rows.count >= 16)
    for row in rows {
      guard let word = row.word else {
        #expect(row.answers.isEmpty)
        continue
      }
      #expect(!row.answers.isEmpty, "\(word)")
      for answer in row.answers { #expect(try self.word(of: answer) == word, "\(answer)") }
    }
  }

  @Test func `the table has every way in which no answer comes`() throws {
    let named = try Set(
      rows().flatMap(\.answers).filter { $0.hasPrefix("no answer ") }.map {
        String($0.dropFirst("no answer ".count))
      })
    let all: [TransportFailure.Kind] = [
      .unresolved, .refused, .reset, .timeout, .tls, .closedWithoutAnswer, .answerTooLarge,
    ]
    #expect(named == Set(all.map(\.rawValue)))
  }
}
