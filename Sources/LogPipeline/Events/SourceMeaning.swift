/// How events of one source are to be taken: which prices hold, what a cost is of, and whom to believe.
package struct SourceMeaning: Equatable, Sendable {
  package var book = EventRules.Book.auto
  package var basis = CostBasis.split
  /// Where the provider processes the calls, unless an event says it itself.
  package var region: PriceRegion?
  /// Whether a team from a header of the request, `X-Team-ID`, is taken for the event's team; else it is a claim.
  package var trustsTeamHeader = false
  /// What becomes of prompts, answers, and all other text that is not known to be a name.
  package var content = EventRules.Content.redact

  package init() {}
}
