import LogPipeline
import Testing

@Suite struct UsageTests {
  static let wrong: [([String], String)] = [
    ([], "a command is missing"),
    (["vlaidate"], "there is no command \"vlaidate\". Did you mean validate?"),
    (["banana"], "there is no command \"banana\".\n"),
    (["run", "--confg", "x"], "there is no flag --confg. Did you mean --config?"),
    (["run", "--drain-timeout", "5s"], "run takes no --drain-timeout; it belongs to pipe"),
    (["run", "--config"], "--config needs a value: --config FILE"),
    (["run", "--quiet=yes"], "--quiet takes no value"),
    (["run", "--config", "a", "--config", "b"], "--config is given 2 times"),
    (["run", "x"], "run does not know what to do with \"x\""),
    (["run", "ring.size=1GiB"], "\"ring.size=...\"; a setting needs --set before it"),
    (["replay"], "replay needs FILE..."),
    (["ring"], "ring needs status|verify|export FILE|resize SIZE"),
    (["ring", "stauts"], "status, verify, export or resize. Did you mean status?"),
    (["ring", "export"], "ring export needs FILE"),
    (["ring", "resize"], "ring resize needs SIZE"),
    (["ring", "verify", "x"], "ring verify does not know what to do with \"x\""),
    (["ring", "status", "--all"], "--all belongs to ring export"),
    (["dead-letters"], "dead-letters needs list|show|retry|prune"),
    (["dead-letters", "lits"], "list, show, retry or prune. Did you mean list?"),
    (["dead-letters", "retry"], "needs --reason TEXT, --id ID or --all"),
    (["dead-letters", "retry", "--all", "--id", "x"], "--all leaves nothing to --reason and --id"),
    (["dead-letters", "list", "--edit", ".a = 1"], "--edit belongs to dead-letters retry"),
    (["dead-letters", "prune", "--reason", "x"], "--reason belongs to dead-letters list and show"),
    (["dead-letters", "retry", "--all", "--edit", "a = 1"], "a path begins with a dot"),
    (["dead-letters", "retry", "--all", "--document", "x"], "is for one letter"),
    (["dead-letters", "show", "--limit", "0"], "--limit takes a number from 1"),
    (["verify"], "verify needs --day YYYY-MM-DD"),
    (["verify", "--day", "2026-02-30"], "--day takes a date such as 2026-11-21"),
    (["prices"], "prices needs list|show MODEL|diff|update|export FILE"),
    (["prices", "lits"], "list, show, diff, update or export. Did you mean list?"),
    (["prices", "show"], "prices show needs MODEL"),
    (["prices", "update"], "prices update needs FILE"),
    (["prices", "export"], "prices export needs FILE"),
    (["prices", "list", "gpt-4"], "prices show gpt-4?"),
    (["prices", "diff", "x", "--at", "2026-01-01"], "--at belongs to prices list and show"),
    (["prices", "list", "--at", "today"], "--at takes a date such as 2026-08-21"),
    (["prices", "list", "--book", "dircet"], "direct or holysheep. Did you mean direct?"),
    (["explain", "a", "b"], "explain does not know what to do with \"b\""),
    (["explain", "--as", "udp"], "--as takes tcp, stdin, file, or a webhook's path"),
    (["explain", "--limit", "0"], "--limit takes a number from 1"),
    (["run", "--book", "direct"], "run takes no --book; it belongs to prices"),
    (["run", "--file", "x"], "run takes no --file; it belongs to ring"),
    (
      ["validate", "--format", "jsn"],
      "--format \"jsn\" is not known; text or json. Did you mean json?"
    ),
    (["demo", "--port", "many"], "--port takes a number"),
    (["doctor", "--rounds", "5"], "--rounds belongs to doctor --crash-test DIR"),
    (["doctor", "--crash-test", "/", "--strict"], "--strict has nothing to do with --crash-test"),
    (["doctor", "--crash-test", "/nowhere"], "there is no folder /nowhere"),
    (["doctor", "--crash-test", "/", "--rounds", "0"], "--rounds takes a number"),
    (["doctor", "--crash-test", "/", "--size", "1MiB"], "16MiB or more"),
    (["run", "--rounds", "5"], "run takes no --rounds; it belongs to doctor"),
    (["completion"], "completion needs bash|zsh|fish"),
    (["completion", "zsch"], "bash, zsh or fish. Did you mean zsh?"),
    (["tap", "--filter", "x"], "--filter takes FIELD=VALUE"),
    (["tap", "--count", "0"], "--count takes a number from 1"),
    (["tap", "--format", "json"], "text or ndjson"),
    (["report"], "report needs today|month|ab"),
    (["report", "tody"], "today, month or ab. Did you mean today?"),
    (["report", "yesterday"], "Did you mean today --day yesterday?"),
    (["report", "month", "--day", "yesterday"], "--day belongs to report today"),
    (["report", "today", "--day", "2026-02-30"], "--day takes yesterday or a date"),
    (["report", "ab", "--month", "2026"], "--month takes a month such as 2026-11"),
    (["report", "today", "--format", "xml"], "text, csv or json"),
    (["log-level", "dbug"], "there is no log level \"dbug\""),
    (["help", "pip"], "there is no help on \"pip\". Did you mean pipe?"),
    (["help", "ring.size"], "there is no help on \"ring.size\". Did you mean settings?"),
    (["--", "--help"], "there is no command \"--help\""),
  ]

  @Test(arguments: wrong)
  func `wrong arguments are explained and exit with 64`(
    arguments: [String], says: String
  ) throws {
    let outcome = try BuiltProgram.run(arguments)
    #expect(outcome.ending == .exited(64))
    #expect(outcome.error.contains(says), "\(outcome.error)")
    #expect(outcome.error.contains("See: sheepshipper help"))
    #expect(outcome.output.isEmpty)
  }

  @Test func `a misplaced secret is not repeated`() throws {
    for arguments in [
      ["run", "elasticsearch.password=hunter2"], ["elasticsearch.password=hunter2"],
      ["run", "--password=hunter2"], ["run", "--set", "hunter2"],
      ["validate", "--set", "elasticsearch.passwrd=hunter2"],
    ] {
      let outcome = try BuiltProgram.run(arguments)
      #expect(!outcome.error.contains("hunter2") && !outcome.output.contains("hunter2"))
      #expect(outcome.ending != .exited(0))
    }
  }

  @Test func `help tells of every command and flag in 80 columns without colours`() throws {
    var texts = [try BuiltProgram.run(["--help"]), try BuiltProgram.run(["help"])]
    #expect(texts[0].output == texts[1].output)
    let commands = [
      "run", "pipe", "replay", "ring", "dead-letters", "verify", "prices", "explain", "demo",
      "top", "tap", "reload", "log-level", "report", "doctor", "validate", "version", "completion",
      "help",
    ]
    for command in commands {
      #expect(texts[0].output.contains("\n  \(command) "), "\(command)")
      let short = try BuiltProgram.run(["help", command])
      // `help --help` is the general help.
      let long = try BuiltProgram.run([command, "--help"])
      #expect(long.output == (command == "help" ? texts[0].output : short.output))
      for flag in ["--config", "--set", "--format", "--quiet", "--help"] {
        #expect(short.output.contains(flag))
      }
      texts.append(short)
    }
    texts.append(try BuiltProgram.run(["help", "settings"]))
    for outcome in texts {
      #expect(outcome.ending == .exited(0))
      #expect(!outcome.output.contains("\u{1B}"))
      for line in outcome.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
  }

  @Test func `version says which program and which libraries`() throws {
    let text = try BuiltProgram.run(["version"])
    #expect(text.ending == .exited(0))
    #expect(text.output.hasPrefix("sheepshipper \(Versions.program)\n"))
    #expect(try BuiltProgram.run(["--version"]).output == text.output)
    let json = try JsonValue.parse(BuiltProgram.run(["version", "--format=json"]).output)
    #expect(json["version"]?.string == Versions.program)
    for name in ["libcurl", "zlib", "libmicrohttpd", "gnutls", "xxhash", "libyaml"] {
      #expect(json["libraries"]?[name]?.string?.contains(".") == true, "\(name)")
    }
  }
}
