import LogPipeline
import Testing

@Suite struct SecretTests {
  @Test func `a file is read at each use, without the line end after it`() throws {
    try withConfigurationTrial { trial in
      let path = "\(trial.folder)/secret"
      let secret = Secret(.file(path))
      try FileSystem.replace(path, with: Array("first \n\r\n".utf8))
      #expect(try secret.resolve() == Array("first ".utf8))
      #expect(try secret.resolveText() == "first")
      try FileSystem.replace(path, with: Array("second".utf8))
      #expect(try secret.resolveText() == "second")
      try FileSystem.replace(path, with: [0xFF, 0x00, 0x20])
      #expect(try secret.resolve() == [0xFF, 0x00, 0x20], "a key may be binary")
      #expect(throws: SecretError.notText(secret: "file \(path)")) { try secret.resolveText() }
    }
  }

  @Test func `an empty or missing secret is an error that names its place`() throws {
    try withConfigurationTrial { trial in
      let path = "\(trial.folder)/secret"
      let secret = Secret(.file(path))
      let missing = #expect(throws: SecretError.self) { try secret.resolve() }
      #expect(missing?.description.contains(path) == true)
      for blank in ["", "\n", " \t\n"] {
        try FileSystem.replace(path, with: Array(blank.utf8))
        #expect(throws: SecretError.empty(secret: "file \(path)")) { try secret.resolveText() }
      }
      try FileSystem.replace(path, with: [UInt8](repeating: 0x41, count: 70_000))
      #expect(throws: SecretError.self) { try secret.resolve() }
      let variable = Secret(.environment("SHEEPSHIPPER_TEST_NO_SUCH_VARIABLE"))
      #expect(throws: SecretError.self) { try variable.resolve() }
    }
  }

  @Test func `a line end inside can not break out of a header`() {
    let secret = Secret(.value("abc\r\nX-Admin: 1"))
    #expect(throws: SecretError.notText(secret: "***")) { try secret.resolveText() }
  }

  @Test func `nothing that prints shows a value`() {
    let secret = Secret(.value("hunter2"))
    var dumped = ""
    dump(secret, to: &dumped)
    for text in [
      "\(secret)", String(reflecting: secret), dumped, "\(String(describing: Optional(secret)))",
      "\([secret])",
    ] {
      #expect(!text.contains("hunter2"), "\(text)")
    }
  }
}
