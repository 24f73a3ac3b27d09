import LogPipeline

// CPU time of each stage on the demo's events. `stage-benchmarks NAME` runs the stages whose name contains NAME;
// `stage-benchmarks NAME FILE` on the relay events of a file; `stage-benchmarks --documents FILE` measures nothing and
// writes what becomes of the file's lines, to be held against what another build makes of them.

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.count == 2, arguments[0] == "--documents" {
  try Documents(arguments[1], prices: PriceBooks.load(Resources.prices)).write()
} else {
  let wanted = arguments.first ?? ""
  let load = try Load(arguments.dropFirst().first)
  StandardStreams.write(
    "\(load.eventCount) events of \(load.lineBytes / load.eventCount) bytes on average\n")
  StandardStreams.write(Measurement.header)
  for stage in Stages(load).all where wanted.isEmpty || stage.name.contains(wanted) {
    StandardStreams.write(try stage.measure().line)
  }
}
