/// How results are printed.
enum OutputFormat: String, Sendable {
  case text, json
}
