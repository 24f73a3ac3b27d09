/// A place where bytes of strangers come in. It ends the process when a promise is broken; libFuzzer then keeps the input.
protocol Surface {
  func run(_ input: [UInt8])
}

extension Surface {
  func require(_ isKept: Bool, _ promise: @autoclosure () -> String) {
    if !isKept { fatalError("broken: \(promise())") }
  }
}
