import LogPipeline
import Testing

/// Goal: whatever one sender does, its good lines are taken, its bad ones refused and counted, and the sender beside it
/// is served meanwhile. Method: a table of exchanges over raw sockets and TLS, each against an intake of its own with the
/// real processor.
@Suite struct HostileTcpTests {
  @Test(arguments: HostileTcpRows.framing) func `lines that are cut or joined oddly`(
    row: HostileTcpRow
  ) throws { try HostileTcpStage(row).play() }

  @Test(arguments: HostileTcpRows.contents) func `lines with odd contents`(row: HostileTcpRow)
    throws
  { try HostileTcpStage(row).play() }

  @Test(arguments: HostileTcpRows.protocols) func `other protocols`(row: HostileTcpRow) throws {
    try HostileTcpStage(row).play()
  }

  @Test(arguments: HostileTcpRows.connections) func `odd connections`(row: HostileTcpRow) throws {
    try HostileTcpStage(row).play()
  }

  @Test(arguments: HostileTcpRows.cuts) func `a line cut at each byte`(row: HostileTcpRow) throws {
    try HostileTcpStage(row).play()
  }

  @Test(arguments: HostileTlsRows.rows) func `odd TLS`(row: HostileTcpRow) throws {
    try HostileTcpStage(row).play()
  }

  @Test func `who is silent for too long is closed, who sends now and then stays`() throws {
    let harness = try IntakeHarness { $0.tcp?.idleMax = .seconds(2) }
    let silent = try harness.tcp()
    silent.send("{\"n\":1}\n{\"n\":2}")
    let talking = try harness.tcp()
    let isClosed = eventually {
      talking.send("{}\n")
      return harness.intake.snapshot.tcpIdleClosed == 1
    }
    #expect(isClosed)
    #expect(silent.readToEnd() == "")
    #expect(harness.sink.frames.contains("{\"n\":2}"), "its last line is taken")
    #expect(harness.intake.snapshot.tcpConnectionsOpen == 1)
  }
}
