/// What came from each address over connections that are closed: for as many addresses as fit, the larger ones.
package struct SenderBook {
  private var closed: [String: SenderFigures] = [:]
  private static let addressesMax = 256
  /// Where the smaller ones go.
  static let othersName = "others"

  package init() {}

  package mutating func close(_ figures: SenderFigures, of host: String) {
    var figures = figures
    figures.connections = 0
    if closed[host] == nil, closed.count >= Self.addressesMax {
      let smallest = closed.values.filter { $0.name != Self.othersName }
        .min { $0.bytes < $1.bytes }
      guard let smallest, smallest.bytes < figures.bytes else {
        return add(figures, to: Self.othersName)
      }
      closed[smallest.name] = nil
      add(smallest, to: Self.othersName)
    }
    add(figures, to: host)
  }

  /// By address, with what came over connections that are open.
  package func byAddress(
    with open: [(host: String, figures: SenderFigures)], countMax: Int = SenderFigures.shownMax
  ) -> [SenderFigures] {
    var all = closed
    for (host, figures) in open { all[host, default: SenderFigures(host)].add(figures) }
    return SenderFigures.top(all.values, countMax)
  }

  private mutating func add(_ figures: SenderFigures, to name: String) {
    closed[name, default: SenderFigures(name)].add(figures)
  }
}
