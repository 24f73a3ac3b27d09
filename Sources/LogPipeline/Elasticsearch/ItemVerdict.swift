/// What is to be done with one item.
package enum ItemVerdict: Equatable {
  case delivered
  /// A document with its id is there.
  case conflict
  case retry(RetryCause, ItemError)
  case dead(ItemError)
  /// Refused for its index, or for a reason not known: keep it, try slowly, tell the operator.
  case park(ItemError)
  /// Refused together with others for the fault of one: send it again in a small request.
  case isolate(ItemError)
}
