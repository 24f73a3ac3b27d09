import LogPipeline

/// All commands and flags.
enum CommandTable {
  static let commonFlags = [
    Flag(
      "--config", "FILE",
      "The configuration; without it \(ConfigurationLoader.defaultFile) if it is there"),
    Flag(
      "--set", "SETTING=VALUE",
      "One setting, such as ring.size=2GiB; wins over file and environment", isRepeatable: true),
    Flag("--format", "text|json", "How results are printed; text if not said"),
    Flag("--quiet", nil, "No progress and no notes: only warnings and errors"),
    Flag("--help", nil, "What the command does and takes"),
  ]

  static let commands = [
    CommandDescription(
      .run, summary: "take events over TCP and HTTP and deliver them until stopped",
      details: [
        "Listens for JSON lines over TCP (inputs.tcp.listen) and for HTTP POST "
          + "(inputs.webhook.listen), keeps events in the ring on disk, and delivers them to "
          + "Elasticsearch, or into daily files when none is configured.",
        "SIGTERM and SIGINT: takes no more, delivers what it can within agent.grace, exits 0. "
          + "What remains in the ring is delivered after the next start.",
      ],
      examples: [
        "sheepshipper run --config /etc/sheepshipper/sheepshipper.yaml",
        "sheepshipper run --set elasticsearch.hosts=https://es:9200",
      ]),
    CommandDescription(
      .pipe, summary: "deliver JSON lines from standard input, end when all are delivered",
      details: [
        "Exit code 0: every event was delivered or dead-lettered. 75: the time was over and "
          + "events remain in the ring; the next pipe of the same name goes on with them."
      ],
      flags: [
        Flag("--name", "NAME", "Which ring to use, one per pipe at a time", setting: "pipe.name"),
        Flag(
          "--drain-timeout", "TIME", "How long to wait for delivery after the input's end",
          setting: "pipe.drain_timeout"),
        Flag(
          "--on-full", "block|drop_newest", "When the ring is full: wait, or drop and count",
          setting: "pipe.on_full"),
      ],
      examples: ["relay 2>&1 | sheepshipper pipe --name relay --drain-timeout 2m"]),
    CommandDescription(
      .replay, operands: "FILE...", count: 1...Int.max,
      summary: "deliver log files, plain or gzip; safe to interrupt and to run twice",
      details: [
        "A FILE may be a folder or a quoted pattern such as 'logs/*.ndjson.gz'. It goes on where "
          + "an earlier replay of the same file stopped. Equal lines keep their ids, so nothing "
          + "is stored twice.",
        "Without elasticsearch.hosts it writes daily files into archive.dir. Once those hosts are "
          + "set, the same FILE is delivered to them; or the daily files are: the ids are the same.",
        "^C (SIGINT, SIGTERM): reads no more, delivers what it has read within agent.grace, exits "
          + "with 75. The same command again goes on, also after kill -9.",
      ],
      examples: ["sheepshipper replay 'logs/*.ndjson.gz'"]),
    CommandDescription(
      .ring, operands: "status|verify|export FILE|resize SIZE", count: 1...2,
      summary: "look into the ring on disk, check it, empty it into a file, resize it",
      details: [
        "status: what waits, since when, for whom, and how long the space lasts. Works while the "
          + "agent runs.",
        "verify: checks every checksum and names each fault with its place and the events it "
          + "costs. Works while the agent runs. Exit code 0: whole; 65: faults were found.",
        "export FILE: writes what waits as lines of the archive (.ndjson.gz, redacted as stored), "
          + "for replay. The agent must be stopped; the ring is not changed. Exit code 65: damaged "
          + "places were left out.",
        "resize SIZE: the same ring in a file of another size, such as 4GiB. The agent must be "
          + "stopped; set ring.size afterwards.",
      ],
      flags: [
        Flag("--file", "PATH", "The ring's file; without it the one of agent.state_dir"),
        Flag("--all", nil, "Of export: also what is delivered and still there"),
      ],
      examples: [
        "sheepshipper ring status", "sheepshipper ring verify --file /mnt/copy/ring",
        "sheepshipper ring export waiting.ndjson.gz",
        "sheepshipper ring resize 4GiB --config /etc/sheepshipper/sheepshipper.yaml",
      ]),
    CommandDescription(
      .setup, summary: "prepare Elasticsearch or OpenSearch: template, retention, roles",
      details: [
        "Asks the server what it is, then installs what is missing: the index template, the policy "
          + "that deletes old indices (elasticsearch.retention), the data stream "
          + "(elasticsearch.data_stream). Says what was there and what was done, and prints the least "
          + "the agent's user needs. What is there with other content is left and told. Safe to repeat.",
        "Exit code 0: all is in place. 1: not all is; what to do stands behind ->. 69: no server "
          + "answered. 77: this user lacks a privilege.",
      ],
      flags: [
        Flag("--dry-run", nil, "Ask, change nothing, print each request that would be sent"),
        Flag(
          "--for", "SERVER",
          "Of --dry-run: for a new server of this kind, such as opensearch-2.19; none is asked"),
        Flag(
          "--replace", nil,
          "Template and policy that are there with other content become ours; what the template "
            + "has beyond ours stays"),
        Flag("--apply-to-existing", nil, "Indices that are there already get the policy too"),
      ],
      examples: [
        "sheepshipper setup --dry-run --config sheepshipper.yaml",
        "sheepshipper setup --set elasticsearch.hosts=https://es:9200 --set elasticsearch.retention=90d",
        "sheepshipper setup --dry-run --for elasticsearch-8",
      ]),
    CommandDescription(
      .deadLetters, operands: "list|show|retry|prune", count: 1...1,
      summary: "look at events that were refused for good, correct them, send them again",
      details: [
        "list: open letters by reason and index, with counts and the first and last time. In the "
          + "reason a # stands for any number.",
        "show: whole letters with their documents; all, or those of --id or --reason.",
        "retry: sends them through the running agent, under the id and into the index they have, "
          + "as they are or changed, and says of each what came of it. Which ones: --id, --reason "
          + "or --all. What is delivered, or was there already, is done with; all else stays "
          + "open. Exit code 0: nothing of it stays open; 75: some does; 69: no agent runs.",
        "prune: removes files that hold nothing but letters that were delivered since.",
      ],
      flags: [
        Flag("--id", "ID", "The letter with this _id", isRepeatable: true),
        Flag(
          "--reason", "TEXT", "Letters with this text in their reason, as list shows it or whole"),
        Flag("--all", nil, "Of retry: every open letter"),
        Flag("--all-states", nil, "Of list and show: also letters that were delivered since"),
        Flag("--limit", "N", "Of show: so many at most; 20 if not said"),
        Flag(
          "--edit", "EDIT",
          "Of retry: '.latency_ms = 12' or 'del(.extra.x)', made in each document",
          isRepeatable: true),
        Flag("--document", "FILE", "Of retry with one --id: the whole document, corrected"),
      ],
      examples: [
        "sheepshipper dead-letters list",
        "sheepshipper dead-letters show --reason 'failed to parse field'",
        "sheepshipper dead-letters retry --all",
        "sheepshipper dead-letters retry --id ID --edit '.latency_ms = 12'",
      ]),
    CommandDescription(
      .top, summary: "watch the running agent: flow, ring, cost by team and model, senders",
      details: [
        "Shows once a second whether anything is lost, events in and out by the second, how full "
          + "the ring is and how old its oldest event, and by team and model calls, errors, mean "
          + "latency, tokens and cost of the last one to two minutes. ^C ends it.",
        "Asks the agent of agent.state_dir over its control socket: run it as the agent's user or "
          + "root. Where a screen can not be redrawn (a pipe, TERM=dumb) it prints once. --format "
          + "json: the whole status as /v1/status has it. Exit code 69: no agent runs.",
      ],
      flags: [Flag("--once", nil, "Print once, after watching for five seconds, and end")],
      examples: ["sheepshipper top", "sheepshipper top --once --format json"]),
    CommandDescription(
      .tap, summary: "show events of the running agent as they pass",
      details: [
        "Each event as it will be stored: typed, priced, redacted; prompts and answers are in "
          + "it only with privacy.content: keep. It costs the agent next to nothing, and events never wait for it: what a slow "
          + "reader misses is counted and said. ^C ends it.",
        "Asks the agent of agent.state_dir over its control socket: run it as the agent's user or "
          + "root. Exit code 69: no agent runs.",
      ],
      flags: [
        Flag(
          "--filter", "FIELD=VALUE",
          "Only events whose document has it: team_id=engineering, cost.status=unpriced, "
            + "error.type=* for any; several must all hold", isRepeatable: true),
        Flag("--count", "N", "End after so many events"),
        Flag(
          "--format", "text|ndjson",
          "text: a line for the eye; ndjson: the whole document with its _id, as in the archive"),
      ],
      examples: [
        "sheepshipper tap", "sheepshipper tap --filter outcome=failure --filter team_id=search",
        "sheepshipper tap --format ndjson --count 1",
      ]),
    CommandDescription(
      .reload, summary: "make the running agent read its configuration again",
      details: [
        "The same as SIGHUP, and as a changed configuration or price file by itself within a few "
          + "seconds: configuration, prices, credentials and keys are read again and checked, then "
          + "taken over, all or nothing. Prints what changed, old -> new, and which settings hold "
          + "only after a restart.",
        "Without one: log.level, pricing.*, sources, privacy.ip, privacy.user, time.*, and the "
          + "files of prices, keys, certificates and credentials.",
        "Exit code 0: taken over. 78: something is wrong, and the agent goes on as it was. 69: no "
          + "agent runs.",
      ],
      examples: ["sheepshipper reload --config /etc/sheepshipper/sheepshipper.yaml"]),
    CommandDescription(
      .logLevel, operands: "[debug|info|warning|error]", count: 0...1,
      summary: "say or change how much the running agent logs",
      details: [
        "Until its next start, or until a reload finds log.level changed. Exit code 69: no agent "
          + "runs."
      ],
      examples: ["sheepshipper log-level debug", "sheepshipper log-level"]),
    CommandDescription(
      .report, operands: "today|month|ab", count: 1...1,
      summary: "say what calls cost, how many, how slow and how failing, from the index",
      details: [
        "today: a day by team and by model: calls, errors, tokens, p95 latency, cost, share. month: "
          + "a month by day and by team. ab: a month by the arm (ab_arm) and the cohort of tests: "
          + "error rate, p50 and p95 latency, cost, cost of a call. Days are UTC.",
        "The server sums up; no document is read. Costs are exact in each event and stored as "
          + "doubles, so sums are good to some 15 figures; latencies are the server's estimates. "
          + "Calls of models without a price are counted and are no part of the cost. Needs the "
          + "right to read the indices.",
        "Exit code 69: the index can not be read whole; 78: no server is set.",
      ],
      flags: [
        Flag("--day", "DATE", "Of today: yesterday, or a date such as 2026-11-21"),
        Flag("--month", "YYYY-MM", "Of month and ab: that month in place of this one"),
        Flag(
          "--server", "URL", "Ask this server in place of elasticsearch.hosts",
          setting: "elasticsearch.hosts"),
        Flag(
          "--format", "text|csv|json",
          "text: tables and bars; csv: one table with all rows; json: the same as objects"),
      ],
      examples: [
        "sheepshipper report today", "sheepshipper report today --day yesterday --format csv",
        "sheepshipper report month --month 2026-11",
        "sheepshipper report ab --server http://es:9200",
      ]),
    CommandDescription(
      .verify, summary: "compare what was delivered on a day with what its index holds",
      details: [
        "Reads the ids of all documents of the day's index and compares them with the agent's own "
          + "record of what it delivered, one by one. Names the events that are missing, and "
          + "counts documents that this agent did not deliver. Works while the agent runs.",
        "Exit code 0: everything that was delivered is there. 1: something is missing. 66: nothing "
          + "is recorded for that day. 69: the index can not be read whole.",
      ],
      flags: [
        Flag("--day", "YYYY-MM-DD", "The day of the index, UTC"),
        Flag("--output", "FILE", "Write the beginnings of all missing _ids there, one a line"),
        Flag(
          "--exact", nil, "Exit with 1 also when the index holds what this agent did not deliver"),
      ],
      examples: ["sheepshipper verify --day 2026-11-21"]),
    CommandDescription(
      .prices, operands: "list|show MODEL|diff|update|export FILE", count: 1...2,
      summary: "look at the prices in effect, compare, export and update them",
      details: [
        "list: what each model costs: input, output and cached input.",
        "show MODEL: every rate with its tiers, service tiers and periods, the names that mean it, "
          + "and which figures are borrowed from the book direct. MODEL is a name as events have it.",
        "diff FILE: what that table would change against the one in effect. Exit code 0: nothing; "
          + "1: something.",
        "update FILE: checks the table whole, says what changes and writes it to where "
          + "pricing.file points, at once or not at all. A running agent with that pricing.file takes "
          + "it over by itself. The first time: --set pricing.file=PATH here, then the same in the "
          + "agent's configuration.",
        "export FILE: writes the table in effect there, to start another from. FILE must not exist.",
        "Exit code 65: the file is no price table; 66: there is no such model or file.",
      ],
      flags: [
        Flag("--at", "DATE", "Of list and show: prices at 2026-08-21 or 2026-08-21T10:30:00Z"),
        Flag(
          "--book", "direct|holysheep",
          "Of list and show: this book; without it pricing.book, or both"),
      ],
      examples: [
        "sheepshipper prices list --book holysheep", "sheepshipper prices show gpt-5.4",
        "sheepshipper prices export new-prices.json",
        "sheepshipper prices diff new-prices.json",
        "sheepshipper prices update new-prices.json --config sheepshipper.yaml",
      ]),
    CommandDescription(
      .explain, operands: "[FILE|-]", count: 0...1,
      summary: "say what would become of events: fields, cost, redaction, id",
      details: [
        "Reads events from FILE or standard input and takes each through the agent's own path: which "
          + "shape it has and why, each field of its document with the key it came from, its price "
          + "row and the arithmetic to the last digit, what was redacted (kinds and counts, never "
          + "the text), its _id and index, what went to extra; or why it is refused.",
        "Starts nothing, sends nothing and writes nothing. Needs no configuration and no secret: "
          + "without the agent's key hashes are made with a temporary one. --format json: one "
          + "object a line for each event.",
        "Exit code 0: all would be taken; 65: some would be refused; 66: the input can not be read.",
      ],
      flags: [
        Flag(
          "--as", "tcp|stdin|file|/PATH",
          "How they would come in, for the sources rules; /PATH: in a body posted there"),
        Flag("--limit", "N", "Print so many at most; 20 if not said. All are looked at"),
      ],
      examples: [
        "sheepshipper explain event.json", "tail -1 relay.log | sheepshipper explain -",
        "sheepshipper explain events.ndjson --format json --limit 1000",
      ]),
    CommandDescription(
      .audit, operands: "hash [FILE|-]", count: 1...2,
      summary: "make the request and response hashes that audit logs carry",
      details: [
        "hash: reads JSON from FILE or standard input, one value or one a line, and prints of each the "
          + "hash of its request and of its response where it has them, else of all of it: the first 16 "
          + "hexadecimal digits of SHA-256 over the text of Python's json.dumps(value, "
          + "sort_keys=True). Where the entry has request_hash or response_hash, it says whether "
          + "they agree. A line that is no JSON has the hash \"\", as in those logs.",
        "Such a hash can be made by whoever can guess the content. content_hmac of the documents "
          + "can not: it needs the key.",
        "Exit code 0: all were made and agree; 65: a line is no JSON, or a hash is another than the "
          + "entry says; 66: the input can not be read.",
      ],
      examples: [
        "sheepshipper audit hash request.json",
        "sheepshipper audit hash audit.ndjson --format json",
        "tail -1 audit.ndjson | sheepshipper audit hash -",
      ]),
    CommandDescription(
      .demo, summary: "see it work in a minute: no configuration, no Elasticsearch",
      details: [
        "Starts an agent of its own in a temporary folder, sends it sample events and shows what "
          + "came out. It reads neither the default configuration file nor the environment."
      ],
      flags: [
        Flag("--dir", "FOLDER", "Keep the files there in place of a temporary folder"),
        Flag("--port", "PORT", "TCP port of the demo; without it any free one"),
      ],
      examples: ["sheepshipper demo"]),
    CommandDescription(
      .doctor, summary: "look for what is wrong, and say what to do about it",
      details: [
        "Checks the configuration, each host's name, port and certificate, credentials, privileges, "
          + "version, template, mapping, write blocks, disk and clock of the server; our own "
          + "certificate, state directory, disk, fsync time, ring and ports; and, of an agent that "
          + "runs, its state, senders of another protocol and models without a price. One line a "
          + "check: ok, warning, FAILED, or skipped with the reason; where something is wrong, what "
          + "becomes of the data meanwhile and what to type. Run it as the agent's user, or root.",
        "It starts no agent and changes nothing. --round-trip writes a document into today's index, "
          + "reads it back and deletes it; with a key that may only append it sends one that can not "
          + "be stored, which shows as much as such a key can.",
        "--crash-test makes a check of its own, and only that: whether a disk keeps what the ring "
          + "promises. It makes a small ring in a fresh folder inside "
          + "DIR, starts a process that takes made-up events into it, kills that with kill -9 at "
          + "random moments, and looks each time whether every acknowledged event is there, none "
          + "twice, none that nobody sent, every sum exact. It measures fdatasync, says what is "
          + "known of the file system, and removes its folder at the end, also on ^C. Power loss "
          + "it can not try; it says what decides that.",
        "Exit code 0: nothing failed; warnings and what was skipped do not count, unless --strict is "
          + "given. 1: a check failed, or the crash test's promise does not hold. 78: the "
          + "configuration is wrong, so the rest could not be checked.",
      ],
      flags: [
        Flag("--round-trip", nil, "Also write a document, read it back and delete it"),
        Flag("--strict", nil, "Exit with 1 also where there are only warnings"),
        Flag("--crash-test", "DIR", "A folder on the disk that is to hold agent.state_dir"),
        Flag("--rounds", "N", "Of --crash-test: how many kills; 50 if not said"),
        Flag(
          "--size", "SIZE", "Of --crash-test: of its ring, 16MiB or more; 64MiB if not said"),
      ],
      examples: [
        "sheepshipper doctor --config /etc/sheepshipper/sheepshipper.yaml",
        "sheepshipper doctor --quiet --strict || echo 'something is wrong'",
        "sheepshipper doctor --round-trip --format json",
        "sheepshipper doctor --crash-test /var/lib/sheepshipper",
      ]),
    CommandDescription(
      .validate, summary: "check the configuration and print what is in effect",
      details: [
        "Prints every setting with where it was made, without secrets; it can be read back as a "
          + "configuration. Exit code 0, or 78 with all that is wrong.",
        "A secret or a file that can not be read is a warning, since the agent may run elsewhere: "
          + "there, run does not start without it.",
      ],
      examples: [
        "sheepshipper validate --config sheepshipper.yaml", "sheepshipper validate --format json",
      ]),
    CommandDescription(
      .version, summary: "print the versions of the program and its libraries", details: [],
      examples: ["sheepshipper version"]),
    CommandDescription(
      .completion, operands: "bash|zsh|fish", count: 1...1,
      summary: "print the completion of commands and flags for a shell",
      details: [
        "make install puts them in place for all users. For one user write it to "
          + "~/.local/share/bash-completion/completions/sheepshipper, into a folder of zsh's fpath "
          + "as _sheepshipper, or to ~/.config/fish/completions/sheepshipper.fish, and start a new "
          + "shell."
      ],
      examples: [
        "sheepshipper completion bash", "sheepshipper completion zsh > ~/.zfunc/_sheepshipper",
      ]),
    CommandDescription(
      .help, operands: "[COMMAND|settings|man|markdown]", count: 0...1,
      summary: "explain a command, or all settings",
      details: ["man: all of it as a manual page. markdown: the same as docs/commands.md."],
      examples: [
        "sheepshipper help pipe", "sheepshipper help settings",
        "sheepshipper help man | man -l -",
      ]),
  ]

  static func command(_ name: CommandDescription.Name) -> CommandDescription {
    guard let found = commands.first(where: { $0.name == name }) else {
      invariantIsBroken("the command \(name) stands in the table")
    }
    return found
  }
}
