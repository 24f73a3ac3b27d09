import LogPipeline

/// Completion for shells, made from ``CommandTable``.
enum CompletionScript {
  private static let program = "sheepshipper"
  private static let shells = ["bash", "zsh", "fish"]

  /// - Throws: ``UsageError`` for another shell.
  static func text(for shell: String) throws(UsageError) -> String {
    switch shell {
    case "bash": return bash
    case "zsh": return zsh
    case "fish": return fish
    default:
      throw UsageError(
        "there is no completion for \"\(shell)\"; bash, zsh or fish",
        suggestion: Spelling.nearest(to: shell, among: shells), command: .completion)
    }
  }

  /// What may come first behind a command's name; `help` explains commands.
  private static func words(of command: CommandDescription) -> [String] {
    (command.name == .help ? CommandTable.commands.map(\.name.rawValue) : []) + command.words
  }

  // MARK: bash

  private static var bash: String {
    var values: [String] = []
    var flags: [String] = []
    var words: [String] = []
    for command in CommandTable.commands {
      let name = command.name.rawValue
      values += command.flags.compactMap { bashValue($0, of: name) }
      flags.append("    \(name)) flags='\(command.allFlags.map(\.name).joined(separator: " "))' ;;")
      let first = Self.words(of: command).joined(separator: " ")
      words.append(
        "    \(name)) words='\(first)'\(command.takesFiles ? " files=1" : "") ;;")
    }
    values += CommandTable.commonFlags.compactMap { bashValue($0, of: "*") }
    let commands = CommandTable.commands.map(\.name.rawValue)
    return """
      # bash completion of sheepshipper: sheepshipper completion bash
      _sheepshipper() {
        local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
        local command='' flags='' words='' files='' at
        COMPREPLY=()
        for ((at = 1; at < COMP_CWORD; at++)); do
          case "${COMP_WORDS[at]}" in
          \(commands.joined(separator: "|"))) command="${COMP_WORDS[at]}"; break ;;
          esac
        done
        case "$command:$previous" in
      \(values.joined(separator: "\n"))
        esac
        case "$command" in
      \(flags.joined(separator: "\n"))
          *) flags='\((CommandTable.commonFlags.map(\.name) + ["--version"]).joined(separator: " "))'
             words='\(commands.joined(separator: " "))' ;;
        esac
        case "$command" in
      \(words.joined(separator: "\n"))
        esac
        if [[ "$current" == -* ]]; then
          COMPREPLY=($(compgen -W "$flags" -- "$current"))
          return
        fi
        COMPREPLY=($(compgen -W "$words" -- "$current"))
        if [[ -n "$files" ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
      }
      complete -o filenames -F _sheepshipper \(Self.program)

      """
  }

  /// What completes a flag's value; nil: it takes none.
  private static func bashValue(_ flag: Flag, of command: String) -> String? {
    guard flag.value != nil else { return nil }
    let words = flag.choices.joined(separator: " ")
    let made =
      !words.isEmpty
      ? "COMPREPLY=($(compgen -W '\(words)' -- \"$current\")); "
      : flag.takesFile ? "COMPREPLY=($(compgen -f -- \"$current\")); " : ""
    return "    \(command):\(flag.name)) \(made)return ;;"
  }

  // MARK: zsh

  private static var zsh: String {
    let commands = CommandTable.commands.map {
      "    '\($0.name.rawValue):\(quoted($0.summary))'"
    }
    let cases = CommandTable.commands.map { command in
      var specs = command.allFlags.map(zshFlag)
      let words = Self.words(of: command).joined(separator: " ")
      if !words.isEmpty { specs.append("'1:what:(\(words))'") }
      if command.takesFiles { specs.append("'*:file:_files'") }
      return "    \(command.name.rawValue)) _arguments \(specs.joined(separator: " \\\n      ")) ;;"
    }
    return """
      #compdef sheepshipper
      # zsh completion of sheepshipper: sheepshipper completion zsh
      _sheepshipper() {
        local curcontext="$curcontext" state line
        local -a commands
        commands=(
      \(commands.joined(separator: "\n"))
        )
        _arguments -C '--help[what a command does and takes]' '--version[versions]' \\
          '1: :->command' '*:: :->rest'
        case $state in
        command) _describe -t commands 'command' commands ;;
        rest)
          case $words[1] in
      \(cases.joined(separator: "\n"))
          esac ;;
        esac
      }
      if [ "$funcstack[1]" = "_sheepshipper" ]; then
        _sheepshipper "$@"
      else
        compdef _sheepshipper \(Self.program)
      fi

      """
  }

  private static func zshFlag(_ flag: Flag) -> String {
    let meaning = quoted(flag.meaning).replacing("[", with: "\\[").replacing("]", with: "\\]")
    let many = flag.isRepeatable ? "*" : ""
    guard let value = flag.value else { return "'\(many)\(flag.name)[\(meaning)]'" }
    let action =
      !flag.choices.isEmpty
      ? "(\(flag.choices.joined(separator: " ")))" : flag.takesFile ? "_files" : " "
    return "'\(many)\(flag.name)=[\(meaning)]:\(quoted(value)):\(action)'"
  }

  /// For a text in single quotes with colons of its own.
  private static func quoted(_ text: String) -> String {
    text.replacing("'", with: "'\\''").replacing(":", with: "\\:")
  }

  // MARK: fish

  private static let fishProgram = "complete -c " + program

  private static var fish: String {
    var lines = [
      "# fish completion of sheepshipper: sheepshipper completion fish",
      "\(fishProgram) -f",
    ]
    for command in CommandTable.commands {
      let name = command.name.rawValue
      lines.append(
        "\(fishProgram) -n __fish_use_subcommand -a \(name) -d \(fishText(command.summary))"
      )
      let here = "\(fishProgram) -n '__fish_seen_subcommand_from \(name)'"
      let words = Self.words(of: command).joined(separator: " ")
      if !words.isEmpty { lines.append("\(here) -a '\(words)'") }
      if command.takesFiles { lines.append("\(here) -F") }
      lines += command.flags.map { here + fishFlag($0) }
    }
    lines += CommandTable.commonFlags.map { flag in
      // A command's own flag of that name has other values.
      let others = CommandTable.commands.filter { command in
        command.flags.contains { $0.name == flag.name }
      }.map(\.name.rawValue).joined(separator: " ")
      let unless = others.isEmpty ? "" : " -n 'not __fish_seen_subcommand_from \(others)'"
      return "\(fishProgram)\(unless)" + fishFlag(flag)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func fishFlag(_ flag: Flag) -> String {
    let value =
      flag.value == nil
      ? ""
      : !flag.choices.isEmpty
        ? " -x -a '\(flag.choices.joined(separator: " "))'" : flag.takesFile ? " -r -F" : " -x"
    return " -l \(flag.name.dropFirst(2))\(value) -d \(fishText(flag.meaning))"
  }

  private static func fishText(_ text: String) -> String {
    "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
  }
}
