/// What the document written last says of its call, for ``UsageBook``: names as places in the sink.
struct CallAtHand {
  /// Where the team would stand first.
  var teamsAt = 0
  var model = 0..<0
  var costPicoUsd: Int64 = 0
  var isUnpriced = false
}
