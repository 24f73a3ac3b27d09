/// The settings are well formed, but this machine can not do what they ask: a port taken, a folder not writable.
struct SetupError: Error, CustomStringConvertible {
  let description: String
}
