/// Why a certificate, its key, or the authorities can not be used.
package struct TlsError: Error, Equatable, CustomStringConvertible {
  /// The setting that names the file.
  let setting: String
  let path: String
  /// "it is no PEM certificate".
  let reason: String
  /// What to do, as a sentence.
  let remedy: String

  /// The fault alone, for who has a certificate that still works.
  var fault: String { "\(setting) (\(path)): \(reason). \(remedy)" }

  package var description: String {
    "TLS can not be used: \(setting) (\(path)): \(reason). No event was taken in. \(remedy)"
  }
}
