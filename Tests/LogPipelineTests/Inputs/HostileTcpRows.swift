import LogPipeline
import TestSupport

/// What senders without TLS do.
enum HostileTcpRows {
  private static let event = #"{"request_type":"chat","metadata":{"model":"gpt-4o"},"n":1}"#
  private static func line(_ inside: String) -> [UInt8] {
    Array("{\"v\":\"".utf8) + Array(inside.utf8) + Array("\"}\n".utf8)
  }
  private static func raw(_ inside: [UInt8]) -> [UInt8] {
    Array("{\"v\":\"".utf8) + inside + Array("\"}\n".utf8)
  }
  private static let good = Array("{\"n\":1}\n".utf8)

  static let framing: [HostileTcpRow] = [
    HostileTcpRow("one byte at a time", accepted: 2).with {
      $0.pieces = Array("\(event)\r\n\(event)".utf8).map { [$0] }
    },
    HostileTcpRow("many lines in one write", accepted: 5000).with {
      $0.pieces = [Array((0..<5000).map { "{\"n\":\($0)}\n" }.joined().utf8)]
    },
    HostileTcpRow("a thousand blank lines", accepted: 1).with {
      $0.pieces = [[UInt8](repeating: 0x0A, count: 1000) + good]
    },
    HostileTcpRow("blank lines of CR LF and spaces", "\r\n \r\n\t\r\n{}\r\n   ", accepted: 1),
    HostileTcpRow("no byte at all"),
    HostileTcpRow("a newline alone", "\n"),
    HostileTcpRow("spaces without an end", "    "),
    HostileTcpRow("the last line has no newline", "{\"n\":1}\n{\"n\":2}", accepted: 2),
    HostileTcpRow(
      "half a line at the end", "{\"n\":1}\n{\"n\":", accepted: 1, refused: [.notJson: 1]),
    HostileTcpRow("a BOM, then a line", "\u{FEFF}{\"n\":1}\n", accepted: 1),
    HostileTcpRow("a BOM cut in two", accepted: 1).with {
      $0.pieces = [[0xEF], [0xBB, 0xBF] + good]
    },
    HostileTcpRow(
      "a BOM twice", "\u{FEFF}\u{FEFF}{\"n\":1}\n{\"n\":2}\n", accepted: 2),
    HostileTcpRow(
      "CR alone between lines", "{\"n\":1}\r{\"n\":2}\r\n{\"n\":3}\n", accepted: 1,
      refused: [.notJson: 1]),
    HostileTcpRow("CR CR LF", "{\"n\":1}\r\r\n", accepted: 1),
    HostileTcpRow(
      "CR and LF in different writes", "{\"n\":1}\r", "\n{\"n\":2}\r", "\n", accepted: 2),
    HostileTcpRow(
      "two objects on a line", "{\"n\":1}{\"n\":2}\n{\"n\":3}\n", accepted: 1,
      refused: [.notJson: 1]),
    HostileTcpRow(
      "an object over two lines", "{\"n\":\n1}\n{}\n", accepted: 1, refused: [.notJson: 2]),
    HostileTcpRow(
      "an array of events", "[{\"n\":1},{\"n\":2}]\n{}\n", accepted: 1, refused: [.notAnObject: 1]),
    HostileTcpRow(
      "a string, a number, null", "\"x\"\n7\nnull\n{}\n", accepted: 1, refused: [.notAnObject: 3]),
    HostileTcpRow("a line of exactly the limit", accepted: 2).with {
      $0.pieces = [line(String(repeating: "x", count: (64 << 10) - 8)), good]
    },
    HostileTcpRow("a line over the limit, then good ones", accepted: 2, refused: [.tooLong: 1]).with
    {
      $0.pieces = [good + line(String(repeating: "x", count: 100_000)), good]
    },
    HostileTcpRow("a line over the limit in small pieces", accepted: 1, refused: [.tooLong: 1]).with
    {
      $0.pieces = (0..<100).map { _ in [UInt8](repeating: 0x78, count: 1000) } + [[0x0A] + good]
    },
    HostileTcpRow("a line over the limit without an end", refused: [.tooLong: 1]).with {
      $0.pieces = [line(String(repeating: "x", count: 200_000)).dropLast()]
    },
    HostileTcpRow("twenty lines over the limit", accepted: 1, refused: [.tooLong: 20]).with {
      $0.pieces = (0..<20).map { _ in line(String(repeating: "x", count: 70_000)) } + [good]
    },
    HostileTcpRow("a line of 1 MB within the limit", accepted: 2).with {
      $0.lineBytesMax = 2 << 20
      $0.pieces = [line(String(repeating: "x", count: 1_000_000)), good]
    },
    HostileTcpRow("a line of 1 MB in 997 writes", accepted: 2).with {
      $0.lineBytesMax = 2 << 20
      let bytes = line(String(repeating: "x", count: 1_000_000))
      $0.pieces =
        stride(from: 0, to: bytes.count, by: 1003).map {
          Array(bytes[$0..<min(bytes.count, $0 + 1003)])
        } + [good]
    },
  ]

  static let contents: [HostileTcpRow] = [
    HostileTcpRow("NUL in a string", accepted: 1, refused: [.notJson: 1]).with {
      $0.pieces = [raw([0x61, 0x00, 0x62]), good]
    },
    HostileTcpRow("NUL between lines", accepted: 1, refused: [.notJson: 1]).with {
      $0.pieces = [[0x00, 0x0A], good]
    },
    HostileTcpRow("invalid UTF-8", accepted: 1, refused: [.notUtf8: 1]).with {
      $0.pieces = [raw([0xC3, 0x28]), good]
    },
    HostileTcpRow("overlong UTF-8", accepted: 1, refused: [.notUtf8: 1]).with {
      $0.pieces = [raw([0xC0, 0xAF]), good]
    },
    HostileTcpRow("surrogates in UTF-8", accepted: 1, refused: [.notUtf8: 1]).with {
      $0.pieces = [raw([0xED, 0xA0, 0x80]), good]
    },
    HostileTcpRow("Latin-1", accepted: 1, refused: [.notUtf8: 1]).with {
      $0.pieces = [raw([0x67, 0xFC, 0x6E]), good]
    },
    HostileTcpRow("UTF-16", accepted: 1, refused: [.notUtf8: 1]).with {
      $0.pieces = [Array("{\"a\":1}".utf8).flatMap { [$0, 0] } + [0x0A], good]
    },
    HostileTcpRow("a character cut by two writes", accepted: 1).with {
      $0.pieces = [Array("{\"v\":\"".utf8) + [0xE2, 0x82], [0xAC] + Array("\"}\n".utf8)]
    },
    HostileTcpRow("a lone surrogate escape", #"{"v":"\ud800"}"# + "\n{}\n", accepted: 2),
    HostileTcpRow(
      "deep nesting", accepted: 1, refused: [.tooDeep: 1]
    ).with {
      $0.pieces = [
        Array(
          (String(repeating: "{\"a\":", count: 40) + "1" + String(repeating: "}", count: 40) + "\n")
            .utf8),
        good,
      ]
    },
    HostileTcpRow("10,000 brackets", accepted: 1, refused: [.notJson: 1]).with {
      $0.pieces = [[UInt8](repeating: UInt8(ascii: "["), count: 10_000) + [0x0A], good]
    },
    HostileTcpRow("10,000 keys", accepted: 1, refused: [.tooManyKeys: 1]).with {
      $0.lineBytesMax = 1 << 20
      let keys = (0..<10_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
      $0.pieces = [Array("{\(keys)}\n".utf8), good]
    },
    HostileTcpRow("a key twice", #"{"a":1,"a":2}"# + "\n", accepted: 1),
    HostileTcpRow(
      "NaN and Infinity", "{\"v\":NaN}\n{\"v\":Infinity}\n{}\n", accepted: 1,
      refused: [.notFinite: 2]),
    HostileTcpRow(
      "a number beyond a double", "{\"v\":1e999999}\n{}\n", accepted: 1, refused: [.notFinite: 1]),
    HostileTcpRow(
      "a comment and a trailing comma", "{\"a\":1,}\n{/*x*/}\n{}\n", accepted: 1,
      refused: [.notJson: 2]),
    HostileTcpRow("gzip bytes", accepted: 0).with {
      $0.pieces = [Gzip.compress(Array("{\"n\":1}\n{\"n\":2}\n".utf8))]
      // One line of it, or more, by where a newline falls; none is an event.
      $0.refused = refusedLines(of: $0.pieces[0])
    },
  ]

  /// What is no text is refused line by line.
  private static func refusedLines(of bytes: [UInt8]) -> [Refusal.Reason: UInt64] {
    [.notUtf8: UInt64(bytes.split(separator: 0x0A).count)]
  }

  private static let wrongProtocol: @Sendable (IntakeSnapshot) -> UInt64 = { $0.tcpWrongProtocol }

  static let protocols: [HostileTcpRow] = [
    HostileTcpRow("HTTP GET", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").with {
      $0.answer = "HTTP/1.1 400"
    }.counting("wrong protocol", wrongProtocol, is: 1),
    HostileTcpRow(
      "HTTP POST with events", "POST /v1/events HTTP/1.1\r\nContent-Length: 8\r\n\r\n{\"n\":1}\n"
    ).with {
      $0.answer = "HTTP/1.1 400"
    }.counting("wrong protocol", wrongProtocol, is: 1),
    HostileTcpRow("HTTP in one byte at a time").with {
      $0.pieces = Array("PUT / HTTP/1.1\r\n\r\n".utf8).map { [$0] }
      $0.answer = "HTTP/1.1 400"
    }.counting("wrong protocol", wrongProtocol, is: 1),
    HostileTcpRow("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").with {
      $0.answer = "HTTP/1.1 400"
    }.counting("wrong protocol", wrongProtocol, is: 1),
    HostileTcpRow("HTTP that stays open is closed", "GET / HTTP/1.1\r\n\r\n").with {
      $0.ending = .closedByAgent
      $0.answer = "HTTP/1.1 400"
    }.counting("open", { $0.tcpConnectionsOpen }, is: 1),
    HostileTcpRow("a TLS hello at a plain port").with {
      $0.pieces = [[0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03]]
    }.counting("wrong protocol", wrongProtocol, is: 1),
    HostileTcpRow("Beats, version 2").with {
      $0.pieces = [
        Array("2W".utf8) + [0, 0, 0, 1],
        Array("2J".utf8) + [0, 0, 0, 1, 0, 0, 0, 2] + Array("{}".utf8),
      ]
    }.counting("wrong protocol", wrongProtocol, is: 1),
    HostileTcpRow("Lumberjack, version 1").with {
      $0.pieces = [Array("1W".utf8) + [0, 0, 0, 1]]
    }.counting("wrong protocol", wrongProtocol, is: 1),
    HostileTcpRow("Beats' first byte, then nothing", "2", refused: [.notAnObject: 1]),
  ]

  static let connections: [HostileTcpRow] = [
    HostileTcpRow("half-closed, then it reads", "{\"n\":1}\n", accepted: 1),
    HostileTcpRow("open and silent after a line", "{\"n\":1}\n", accepted: 1).with {
      $0.ending = .open
    },
    HostileTcpRow("a reset between lines", "{\"n\":1}\n{\"n\":2}\n", accepted: 2).with {
      $0.ending = .reset
    },
    HostileTcpRow(
      "a reset in the middle of a line", "{\"n\":1}\n{\"n\":", accepted: 1, refused: [.notJson: 1]
    ).with {
      $0.ending = .reset
    },
    HostileTcpRow("a reset right after the connection").with { $0.ending = .reset },
    HostileTcpRow("more connections than one address may have", "{\"n\":1}\n", accepted: 1).with {
      $0.connectionsPerAddressMax = 4
      $0.flood = 40
    }.counting("over the limit", { $0.tcpOverAddressLimit }, is: 38),
  ]

  /// A line cut at each of its bytes.
  static let cuts: [HostileTcpRow] = {
    let bytes = Array("{\"n\":1,\"s\":\"é\\n\"}\r\n{\"n\":2}\n".utf8)
    return (1..<bytes.count).map { cut in
      HostileTcpRow("cut after byte \(cut)", accepted: 2).with {
        $0.pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
      }
    }
  }()
}
