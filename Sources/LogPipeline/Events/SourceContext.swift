/// What is known of where frames come from, beyond the frames themselves.
package struct SourceContext: Equatable, Sendable {
  package enum Input: String, Sendable { case tcp, webhook, stdin, file }
  package var input: Input
  /// The peer's address, a file's path, or "stdin": for messages, not for documents.
  package var peer: String
  /// The webhook path the body came to.
  package var path: String?
  /// `x-source` of the request.
  package var name: String?
  /// `X-Environment` of the request: for frames that carry none of their own.
  package var environment: String?
  /// `X-Team-ID` of the request: a claim, not a proof.
  package var teamIdClaimed: String?
  /// The team of the authenticated key, if keys carry teams.
  package var teamId: String?
  /// Of a unit that is sent again as it is, whose sender numbers its units: a hash of sender and number. Frames without a
  /// time of their own get their ids from it, so that these, too, are the same when they come again.
  package var place: UInt64?

  package init(input: Input, peer: String) {
    self.input = input
    self.peer = peer
  }
}
