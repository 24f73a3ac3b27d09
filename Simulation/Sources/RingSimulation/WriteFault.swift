/// What goes wrong with one write. Nothing, or only its first part, reaches the cache then.
package enum WriteFault: Sendable {
  case error, outOfSpace, short
}
