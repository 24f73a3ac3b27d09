/// A dead letter as `dead-letters show` prints it, whole.
package struct DeadLetterView {
  private let letter: StoredDeadLetter
  private let outcome: DeadLetterResolution.Outcome?

  package init(_ letter: StoredDeadLetter, in book: DeadLetterBook) {
    self.letter = letter
    outcome = book.outcome(of: letter)
  }

  private var state: String { outcome?.rawValue ?? "open" }

  package var text: String {
    let status = letter.status == 0 ? "" : "HTTP \(letter.status), "
    let rows = [
      ("id", letter.id), ("index", letter.index),
      ("refused", "\(letter.at), \(status)try \(letter.attempts)"),
      ("because", letter.reason.isEmpty ? letter.type : "\(letter.type): \(letter.reason)"),
      ("event", "\(letter.place.sequence) of \(letter.place.ring)"),
      ("state", outcome == nil ? state : "\(state) since"),
      ("document", String(decoding: letter.document, as: UTF8.self)),
    ]
    return rows.map { name, value in
      name + String(repeating: " ", count: 10 - name.count) + value + "\n"
    }.joined()
  }

  /// The line of the file with its state in front.
  package var jsonLine: String {
    "{\"state\":\"\(state)\"," + String(decoding: letter.line.dropFirst(), as: UTF8.self)
  }
}
