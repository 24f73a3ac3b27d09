import LogPipeline

/// `sheepshipper audit hash`: no agent, no configuration, no key.
extension AgentRunner {
  private static let inputBytesMax = 64 << 20

  func audit(_ options: AuditOptions) throws -> ExitCode {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try FileSystem.read(options.file ?? "/dev/stdin", limitBytes: Self.inputBytesMax)
    } catch {
      Terminal.fail("The entries can not be read: \(error).")
      return .noInput
    }
    // One value, over as many lines as it likes; else a value a line.
    let lines: [[UInt8]] =
      (try? JsonValue.parse(bytes)) != nil
      ? [bytes]
      : bytes.split(separator: UInt8(ascii: "\n")).map(Array.init).filter { line in
        line.contains { $0 > 0x20 }
      }
    guard !lines.isEmpty else {
      Terminal.fail("There is no entry in it.")
      return .noInput
    }
    var code = ExitCode.success
    for (index, line) in lines.enumerated() {
      do throws(JsonError) {
        let entry = AuditHash.Entry(try JsonValue.parse(line))
        if entry.disagrees { code = .damaged }
        StandardStreams.write(
          options.output.format == .json ? "\(entry.json.text)\n" : "\(entry.text)\n")
      } catch {
        code = .damaged
        StandardStreams.write(options.output.format == .json ? "{\"hash\":\"\"}\n" : "\"\"\n")
        Terminal.fail("Entry \(index + 1) is no JSON: \(error.reason).")
      }
    }
    return code
  }
}
