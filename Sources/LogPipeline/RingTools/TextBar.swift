/// A bar of ASCII signs: it reads on every terminal and in every file.
package enum TextBar {
  /// `share` of `columns` filled, the rest dots.
  package static func filled(_ share: Double, columns: Int) -> String {
    let full = length(share, columns: columns)
    return String(repeating: "#", count: full) + String(repeating: ".", count: columns - full)
  }

  /// Only what is filled; something that is not nothing is one sign at least.
  package static func plain(_ share: Double, columns: Int) -> String {
    String(repeating: "#", count: share > 0 ? max(1, length(share, columns: columns)) : 0)
  }

  private static func length(_ share: Double, columns: Int) -> Int {
    let bounded = share.isFinite ? min(1, max(0, share)) : 0
    return Int((bounded * Double(columns)).rounded())
  }
}
